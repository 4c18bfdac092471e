#pragma once

#include "frames.hpp"

#include "coxa/base/result.hpp"

#include <span>

namespace coxa {

/// JPEG 2000, which Debian's DCMTK has no decoder for: DCMTK finds the frame, GDCM decodes it.
bool isJpeg2000(E_TransferSyntax syntax);
/// As decodeFrame().
Result<void> decodeJpeg2000(DcmDataset& data, const Frame& frame, std::span<std::byte> out);

}  // namespace coxa
