#pragma once

#include "coxa/base/result.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coxa::dcm {

/// Registers the decoders, stops DCMTK's own log (it may quote a patient's name) and checks that its
/// dictionary is there. Once per process, from any thread. Error Internal: no dictionary.
Result<void> prepare();

/// Counts what DCMTK's decoders complain about on this thread while it lives. Damaged JPEG data is only a
/// warning to them: they go on with made-up pixels.
class CodecWarnings {
 public:
  CodecWarnings();
  bool any() const;

 private:
  std::size_t before_;
};

/// Opens a file; values above 4 kB, the pixels among them, stay on disk until asked for. `stopBefore`: the
/// rest of the file is not looked at. Errors BadInput, naming the file.
Result<std::unique_ptr<DcmFileFormat>> open(const std::filesystem::path& path,
                                            const DcmTagKey& stopBefore = DCM_UndefinedTagKey);

/// The first value as text without padding; empty when the attribute is missing.
std::string text(DcmItem& item, const DcmTagKey& tag);
/// All values as text, separated by '\\'.
std::string allText(DcmItem& item, const DcmTagKey& tag);
std::optional<double> number(DcmItem& item, const DcmTagKey& tag);
std::optional<int> integer(DcmItem& item, const DcmTagKey& tag);
/// Exactly `count` numbers, else nothing.
std::optional<std::vector<double>> numbers(DcmItem& item, const DcmTagKey& tag, std::size_t count);
/// First item of a sequence, null when there is none.
DcmItem* firstItem(DcmItem& item, const DcmTagKey& sequence);

/// A text in the character set the file declares, as UTF-8. Bytes that do not fit it are read as UTF-8 where
/// they are valid, else replaced by U+FFFD.
std::string utf8(DcmItem& dataset, const DcmTagKey& tag);

/// "0001.dcm": what messages call a file. The folders above may carry a patient's name.
std::string shortName(const std::filesystem::path& path);

}  // namespace coxa::dcm
