#include "fragments.hpp"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

namespace coxa {

std::optional<std::string> compressedFrame(DcmDataset& data, const Frame& frame) {
  DcmElement* element = nullptr;
  DcmPixelSequence* sequence = nullptr;
  const auto syntax = data.getOriginalXfer();
  if (data.findAndGetElement(DCM_PixelData, element).bad() || element->ident() != EVR_PixelData ||
      static_cast<DcmPixelData*>(element)->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() ||
      !sequence)
    return std::nullopt;
  const auto fragments = static_cast<int>(sequence->card()) - 1;  // item 0 is the offset table
  if (frame.count > 1 && fragments != frame.count) return std::nullopt;
  const int first = frame.count > 1 ? frame.index : 0;
  const int last = frame.count > 1 ? frame.index + 1 : fragments;
  std::string bytes;
  for (int i = first; i < last; ++i) {
    DcmPixelItem* item = nullptr;
    if (sequence->getItem(item, static_cast<unsigned long>(i) + 1).bad()) return std::nullopt;
    const std::size_t begin = bytes.size();
    bytes.resize(begin + item->getLength());
    if (item->getPartialValue(bytes.data() + begin, 0, item->getLength()).bad()) return std::nullopt;
  }
  return bytes;
}

}  // namespace coxa
