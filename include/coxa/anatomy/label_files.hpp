#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/image.hpp"

namespace coxa {

/// A concept of a coding scheme.
struct Code {
  std::string scheme;  ///< "SCT" (SNOMED CT) or "99COXA"
  std::string value;
  std::string meaning;

  bool operator==(const Code&) const = default;
};

/// What other programs call a structure: category, type and, for a paired one, its side. The type of a
/// structure without a SNOMED CT concept in the table is the label value in Coxa's own scheme, 99COXA.
struct StructureCodes {
  Code category;
  Code type;
  std::optional<Code> side;
};
StructureCodes codesOf(const Structure& structure);

/// Writes a label map as NRRD with the segments' names, colours and codes in 3D Slicer's header fields
/// (as in a .seg.nrrd), and beside it the same names and colours for ITK-SNAP as NAME.itksnap.txt. Errors
/// BadInput: the place cannot be written.
Result<void> writeLabels(const std::filesystem::path& file, const LabelMap& labels,
                         const StructureTable& table);

}  // namespace coxa
