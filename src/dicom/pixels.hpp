#pragma once

#include "frames.hpp"

#include "coxa/base/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace coxa {

/// The stored bytes of one frame, decompressed, in this machine's byte order. `out` has pixels.frameBytes()
/// bytes. `data` is the frame's own data set, used by one thread at a time. Error BadInput naming the file:
/// truncated, damaged, or a compression Coxa does not know.
Result<void> decodeFrame(DcmDataset& data, const Frame& frame, std::span<std::byte> out);

/// Stored values to Hounsfield units by the frame's slope and intercept; padding becomes -1024. `stored` may
/// be the memory of `hu`. Returns how many values had to be clamped to 16 bits.
std::size_t convertToHu(const Frame& frame, std::span<const std::byte> stored, std::span<std::int16_t> hu);

/// decodeFrame() and convertToHu() in one, with as little copying as the layout allows.
Result<std::size_t> readHu(DcmDataset& data, const Frame& frame, std::span<std::int16_t> hu);

/// The value of a pixel from its word: the bits that are stored, with their sign.
class StoredBits {
 public:
  explicit StoredBits(const PixelLayout& layout)
      : shift_(static_cast<unsigned>(layout.highBit + 1 - layout.bitsStored)),
        mask_((1U << static_cast<unsigned>(layout.bitsStored)) - 1U),
        sign_(layout.isSigned ? 1U << static_cast<unsigned>(layout.bitsStored - 1) : 0U) {}

  int value(std::uint32_t word) const {
    return static_cast<int>(((word >> shift_) & mask_) ^ sign_) - static_cast<int>(sign_);
  }

 private:
  std::uint32_t shift_;
  std::uint32_t mask_;
  std::uint32_t sign_;
};

}  // namespace coxa
