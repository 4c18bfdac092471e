#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/image.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace coxa::cli {

/// A CT from wherever the user keeps it.
struct CtInput {
  Volume volume;
  ImportRecord record;
  std::string pseudonym;
};

/// `input`: a DICOM folder or file, a case, or a volume file. `series` chooses among several DICOM series by
/// UID or number; what was taken, and what not, is said in the record's notices. Errors BadInput.
Result<CtInput> readCtInput(const std::filesystem::path& input, const std::optional<std::string>& series,
                            const Job& job);

bool isCase(const std::filesystem::path& path);
/// By the ending: NRRD, NIfTI or MetaImage.
bool isVolumeFile(const std::filesystem::path& path);

}  // namespace coxa::cli
