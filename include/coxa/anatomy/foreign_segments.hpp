#pragma once

#include "coxa/anatomy/label_files.hpp"
#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/image/files.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// What another program says a segment is.
struct ForeignSegment {
  std::string name;          ///< its label: "Femur, left", "femur_left", "left femur"
  std::optional<Code> type;  ///< of SNOMED CT ("SCT") or of Coxa ("99COXA"); others are not understood
  std::optional<Code> side;
};
/// Segments by their value in a label map.
using ForeignSegments = std::map<std::uint8_t, ForeignSegment>;

/// The structure ("femur_left") a segment means or, where it names no side, the kind ("femur"): by its code,
/// else by the words of its name in any order. Nothing where the table has neither.
std::optional<std::string> structureMeant(const ForeignSegment& segment, const StructureTable& table);

/// The names of the segments that the table has, and of those it has not.
struct UnderstoodSegments {
  LabelNames names;  ///< as withNames takes them
  std::vector<std::string> unknown;
};
UnderstoodSegments understood(const ForeignSegments& segments, const StructureTable& table);

/// The segments that 3D Slicer's fields in a NRRD header describe (SegmentN_LabelValue, _Name, _ID, _Tags);
/// empty for a header without them. Errors BadInput: segments in several layers, which overlap.
Result<ForeignSegments> slicerSegments(const HeaderTexts& header);

}  // namespace coxa
