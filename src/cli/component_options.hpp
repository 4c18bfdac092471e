#pragma once

#include "command.hpp"

#include "coxa/implants/catalogue.hpp"
#include "coxa/implants/component_meshes.hpp"

#include <memory>
#include <string>
#include <vector>

namespace coxa::cli {

/// What implants in a scan are looked for among.
struct ComponentOptions {
  std::string catalogue;  ///< folder of product families, "none", or empty: the shipped one
  std::vector<std::string> cupFiles, headFiles, stemFiles;
};

/// --catalogue, --stl-cup, --stl-head, --stl-stem, for all that looks for implants.
std::shared_ptr<ComponentOptions> addComponentOptions(CLI::App& command);

/// Errors: as loadCatalogue.
Result<Catalogue> searchedCatalogue(const ComponentOptions& options);
/// Errors: as readCupMesh and its like.
Result<ComponentMeshes> ownComponents(const ComponentOptions& options);

}  // namespace coxa::cli
