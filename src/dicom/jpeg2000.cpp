#include "jpeg2000.hpp"

#include "fragments.hpp"

#include <gdcmByteValue.h>
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace coxa {
namespace {

tl::unexpected<Error> damaged(const Frame& frame, const std::string& detail) {
  return badInput("The JPEG 2000 pixels of " + frameName(frame) +
                      " cannot be read: the file is truncated or damaged. Export the series again.",
                  "dicom.damaged: " + detail);
}

gdcm::DataElement encapsulated(const std::string& bytes) {
  gdcm::Fragment fragment;
  fragment.SetByteValue(bytes.data(), gdcm::VL(static_cast<std::uint32_t>(bytes.size())));
  const gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
  fragments->AddFragment(fragment);
  gdcm::DataElement element(gdcm::Tag(0x7FE0, 0x0010));
  element.SetVR(gdcm::VR::OB);
  element.SetValue(*fragments);
  return element;
}

void configure(gdcm::JPEG2000Codec& codec, const PixelLayout& layout) {
  const std::array<unsigned, 3> size{static_cast<unsigned>(layout.columns),
                                     static_cast<unsigned>(layout.rows), 1};
  codec.SetNumberOfDimensions(2);
  codec.SetDimensions(size.data());
  codec.SetPlanarConfiguration(0);
  codec.SetPhotometricInterpretation(layout.samplesPerPixel == 1
                                         ? gdcm::PhotometricInterpretation::MONOCHROME2
                                         : gdcm::PhotometricInterpretation::RGB);
  const auto bits = [](int value) { return static_cast<unsigned short>(value); };
  codec.SetPixelFormat(gdcm::PixelFormat(bits(layout.samplesPerPixel), bits(layout.bitsAllocated),
                                         bits(layout.bitsStored), bits(layout.highBit),
                                         layout.isSigned ? 1 : 0));
}

void silenceGdcm() {
  static std::once_flag once;
  std::call_once(once, [] {
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    gdcm::Trace::DebugOff();
  });
}

}  // namespace

bool isJpeg2000(E_TransferSyntax syntax) {
  return syntax == EXS_JPEG2000 || syntax == EXS_JPEG2000LosslessOnly;
}

Result<void> decodeJpeg2000(DcmDataset& data, const Frame& frame, std::span<std::byte> out) {
  silenceGdcm();
  const auto bytes = compressedFrame(data, frame);
  if (!bytes) return damaged(frame, "fragments do not match the frames");
  try {
    gdcm::JPEG2000Codec codec;
    configure(codec, frame.pixels);
    gdcm::DataElement decoded;
    if (!codec.Decode(encapsulated(*bytes), decoded)) return damaged(frame, "not a JPEG 2000 code stream");
    const gdcm::ByteValue* value = decoded.GetByteValue();
    if (!value || value->GetLength() < frame.pixels.frameBytes()) return damaged(frame, "too few pixels");
    std::copy_n(reinterpret_cast<const std::byte*>(value->GetPointer()), frame.pixels.frameBytes(),
                out.begin());
  } catch (const std::exception& exception) {
    return damaged(frame, exception.what());
  }
  return {};
}

}  // namespace coxa
