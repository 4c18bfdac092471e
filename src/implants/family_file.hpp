#pragma once

#include "coxa/implants/catalogue.hpp"

#include <string>

namespace coxa {

/// A liner family: which liners exist follows from the cups and the least thickness.
struct LinerFamily {
  std::string id;
  std::string name;
  std::string cupFamily;
  std::vector<double> headDiametersMm;
  double minimalThicknessMm = 0.0;
};

/// What the files of a folder held so far.
struct CatalogueFiles {
  Catalogue products;                    ///< without liners
  std::vector<std::string> cupFamilies;  ///< parallel to products.cups
  std::vector<LinerFamily> linerFamilies;
};

/// Adds the product family of one file. Errors BadInput as loadCatalogue.
Result<void> addFamily(CatalogueFiles& files, const std::string& json, const std::string& fileName);

/// "3.5", "+3.5", "46": as products are named.
std::string plainNumber(double value);

}  // namespace coxa
