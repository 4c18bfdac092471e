#include "pixels.hpp"

#include "dcmtk_support.hpp"
#include "fragments.hpp"
#include "jpeg2000.hpp"
#include "jpeg_lossless.hpp"

#include <dcmtk/dcmdata/dccodec.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace coxa {
namespace {

constexpr std::int16_t kOutsideHu = -1024;

tl::unexpected<Error> damaged(const Frame& frame, const std::string& detail) {
  return badInput("The pixels of " + frameName(frame) +
                      " cannot be read: the file is truncated or damaged. Export the series again.",
                  "dicom.damaged: " + detail);
}

struct PaddingRange {
  int first = 1;
  int last = 0;  // empty
};

PaddingRange paddingOf(const Frame& frame) {
  if (!frame.padding) return {};
  const StoredBits bits(frame.pixels);
  const auto value = [&](int raw) { return bits.value(static_cast<std::uint32_t>(raw)); };
  const int first = value(*frame.padding);
  const int second = value(frame.paddingLimit.value_or(*frame.padding));
  return {std::min(first, second), std::max(first, second)};
}

/// `huOf` gives the whole number of HU of a stored value. The words pass through a small array because
/// `stored` and `hu` may be the same memory, which would keep the compiler from making vectors of the loop.
template <class Word, class HuOf>
std::size_t convert(const Frame& frame, const std::byte* stored, std::span<std::int16_t> hu,
                    const HuOf& huOf) {
  const StoredBits bits(frame.pixels);
  const PaddingRange padding = paddingOf(frame);
  std::array<Word, 1024> words;
  std::uint32_t clamped = 0;
  for (std::size_t begin = 0; begin < hu.size(); begin += words.size()) {
    const std::size_t count = std::min(words.size(), hu.size() - begin);
    std::memcpy(words.data(), stored + begin * sizeof(Word), count * sizeof(Word));
    std::int16_t* out = hu.data() + begin;
    for (std::size_t i = 0; i < count; ++i) {
      const int value = bits.value(words[i]);
      const bool isPadding = (value >= padding.first) & (value <= padding.last);
      const int measured = huOf(value);
      const int exact = isPadding ? kOutsideHu : measured;
      const int limited = std::max(-32768, std::min(32767, exact));
      clamped += exact != limited ? 1U : 0U;
      out[i] = static_cast<std::int16_t>(limited);
    }
  }
  return clamped;
}

template <class Word>
std::size_t convert(const Frame& frame, const std::byte* stored, std::span<std::int16_t> hu) {
  const double slope = frame.slope.value_or(1.0);
  const double intercept = frame.intercept.value_or(0.0);
  constexpr double kLimit = 1e6;  // far outside 16 bits and safe to make an int of
  if (slope == 1.0 && intercept == std::nearbyint(intercept) && std::abs(intercept) < kLimit)
    return convert<Word>(frame, stored, hu,
                         [whole = static_cast<int>(intercept)](int value) { return value + whole; });
  return convert<Word>(frame, stored, hu, [=](int value) {
    return static_cast<int>(std::nearbyint(std::clamp(value * slope + intercept, -kLimit, kLimit)));
  });
}

/// The usual compression of CT by a faster decoder than DCMTK's, where the stream is what that one is for.
bool decodedAsLosslessJpeg(DcmDataset& data, const Frame& frame, std::span<std::byte> out) {
  const E_TransferSyntax syntax = data.getOriginalXfer();
  const PixelLayout& layout = frame.pixels;
  if ((syntax != EXS_JPEGProcess14 && syntax != EXS_JPEGProcess14SV1) || layout.samplesPerPixel != 1 ||
      layout.bitsAllocated != 16)
    return false;
  const auto stream = compressedFrame(data, frame);
  return stream && decodeLosslessJpeg(*stream, layout.columns, layout.rows,
                                      {reinterpret_cast<std::uint16_t*>(out.data()), layout.pixelCount()});
}

}  // namespace

Result<void> decodeFrame(DcmDataset& data, const Frame& frame, std::span<std::byte> out) {
  const DcmXfer syntax(data.getOriginalXfer());
  if (isJpeg2000(syntax.getXfer())) return decodeJpeg2000(data, frame, out);
  DcmElement* element = nullptr;
  if (data.findAndGetElement(DCM_PixelData, element).bad() || element->ident() != EVR_PixelData)
    return damaged(frame, "no pixel data");
  if (syntax.isEncapsulated() && !DcmCodecList::canChangeCoding(syntax.getXfer(), EXS_LittleEndianExplicit))
    return badInput(frameName(frame) + " is compressed by " + syntax.getXferName() +
                        ", which Coxa does not read. Export the series without compression.",
                    "dicom.unsupported-compression");
  if (decodedAsLosslessJpeg(data, frame, out)) return {};
  const dcm::CodecWarnings warnings;
  Uint32 fragment = 0;
  OFString colourModel;
  const OFCondition status = static_cast<DcmPixelData*>(element)->getUncompressedFrame(
      &data, static_cast<Uint32>(frame.index), fragment, out.data(), static_cast<Uint32>(out.size()),
      colourModel);
  if (status.bad()) return damaged(frame, status.text());
  if (warnings.any()) return damaged(frame, "the decoder found damaged data");
  return {};
}

std::size_t convertToHu(const Frame& frame, std::span<const std::byte> stored, std::span<std::int16_t> hu) {
  return frame.pixels.bitsAllocated == 8 ? convert<std::uint8_t>(frame, stored.data(), hu)
                                         : convert<std::uint16_t>(frame, stored.data(), hu);
}

Result<std::size_t> readHu(DcmDataset& data, const Frame& frame, std::span<std::int16_t> hu) {
  const bool inPlace = frame.pixels.frameBytes() == hu.size_bytes();
  std::vector<std::byte> buffer(inPlace ? 0 : (frame.pixels.frameBytes() + 1) / 2 * 2);
  const std::span<std::byte> stored = inPlace ? std::as_writable_bytes(hu) : std::span<std::byte>(buffer);
  if (auto decoded = decodeFrame(data, frame, stored); !decoded) return tl::unexpected(decoded.error());
  return convertToHu(frame, stored, hu);
}

}  // namespace coxa
