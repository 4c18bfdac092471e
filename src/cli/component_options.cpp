#include "component_options.hpp"

#include <filesystem>

namespace coxa::cli {

namespace {

template <class Mesh>
Result<void> readOwn(const std::vector<std::string>& files,
                     Result<Mesh> (*read)(const std::filesystem::path&), std::vector<Mesh>& meshes) {
  for (const std::string& file : files) {
    auto mesh = read(file);
    if (!mesh) return tl::unexpected(mesh.error());
    meshes.push_back(std::move(*mesh));
  }
  return {};
}

}  // namespace

std::shared_ptr<ComponentOptions> addComponentOptions(CLI::App& command) {
  auto options = std::make_shared<ComponentOptions>();
  command.add_option("--catalogue", options->catalogue,
                     "Folder of product families, or none: best-fit hemispheres and axes");
  command.add_option(
      "--stl-cup", options->cupFiles,
      "Your own cups (STL in mm, origin the sphere's centre, opening towards +z), one file a size");
  command.add_option("--stl-head", options->headFiles,
                     "Your own heads (STL in mm, origin the sphere's centre)");
  command.add_option(
      "--stl-stem", options->stemFiles,
      "Your own stems with neck, without head (STL in mm, origin on the axis where the neck begins, "
      "+z away from the tip, neck towards +x), one file a size");
  return options;
}

Result<Catalogue> searchedCatalogue(const ComponentOptions& options) {
  if (options.catalogue == "none") return Catalogue{};
  return options.catalogue.empty() ? loadDefaultCatalogue() : loadCatalogue(options.catalogue);
}

Result<ComponentMeshes> ownComponents(const ComponentOptions& options) {
  ComponentMeshes own;
  return readOwn(options.cupFiles, readCupMesh, own.cups)
      .and_then([&] { return readOwn(options.headFiles, readHeadMesh, own.heads); })
      .and_then([&] { return readOwn(options.stemFiles, readStemMesh, own.stems); })
      .map([&] { return std::move(own); });
}

}  // namespace coxa::cli
