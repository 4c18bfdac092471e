#pragma once

#include "coxa/base/result.hpp"
#include "coxa/image/filters.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace coxa {

/// Volume files: NRRD (.nrrd, .nhdr), NIfTI (.nii, .nii.gz), MetaImage (.mha, .mhd), told apart by their
/// content. The grid is LPS whatever the file's convention. Errors BadInput: missing, unreadable, truncated,
/// not three dimensions, or values that do not fit the type (CT: -32768..32767, labels: 0..255 whole
/// numbers).
Result<Volume> readVolume(const std::filesystem::path& path);
Result<LabelMap> readLabelMap(const std::filesystem::path& path);
Result<ScalarImage> readScalarImage(const std::filesystem::path& path);
/// Three floats a voxel, world vectors.
Result<VectorImage> readVectorImage(const std::filesystem::path& path);

/// Writes atomically; the format follows the extension. All but volumes are compressed with gzip.
Result<void> writeImage(const std::filesystem::path& path, const Volume& image);
Result<void> writeImage(const std::filesystem::path& path, const LabelMap& image);
Result<void> writeImage(const std::filesystem::path& path, const ScalarImage& image);
Result<void> writeImage(const std::filesystem::path& path, const VectorImage& image);

/// Text by key in the header of a NRRD file (`key:=value` lines), which readers that do not know a key pass
/// over. Neither may hold a line break.
using HeaderTexts = std::map<std::string, std::string>;
/// writeImage with texts in the header; formats other than NRRD drop them.
Result<void> writeImage(const std::filesystem::path& path, const LabelMap& image, const HeaderTexts& texts);
/// The texts in the header of a volume file, the reader's own (beginning with NRRD_ or ITK_) among them.
/// Errors BadInput as readLabelMap.
Result<HeaderTexts> readHeaderTexts(const std::filesystem::path& path);

}  // namespace coxa
