#include "coxa/implants/catalogue.hpp"

#include "family_file.hpp"

#include "coxa/base/files.hpp"
#include "coxa/base/resources.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr double kSameDiameterMm = 1e-6;

template <class Product>
const Product* byId(const std::vector<Product>& products, std::string_view id) {
  const auto found =
      std::find_if(products.begin(), products.end(), [&](const Product& p) { return p.id == id; });
  return found == products.end() ? nullptr : &*found;
}

/// The liners that the rule of least thickness allows, one for each inner diameter of a cup and each head.
std::vector<Liner> linersOf(const CatalogueFiles& files) {
  std::vector<Liner> liners;
  for (const LinerFamily& family : files.linerFamilies)
    for (std::size_t i = 0; i < files.products.cups.size(); ++i) {
      if (files.cupFamilies[i] != family.cupFamily) continue;
      const double outer = files.products.cups[i].innerDiameterMm();
      for (const double head : family.headDiametersMm) {
        const std::string size = plainNumber(outer) + "-" + plainNumber(head);
        const Liner liner{family.id + "-" + size, family.name + " " + size, outer, head};
        if (liner.thicknessMm() >= family.minimalThicknessMm - kSameDiameterMm) liners.push_back(liner);
      }
    }
  return liners;
}

void sortBySize(Catalogue& catalogue) {
  std::stable_sort(catalogue.cups.begin(), catalogue.cups.end(),
                   [](const Cup& a, const Cup& b) { return a.outerDiameterMm < b.outerDiameterMm; });
  std::stable_sort(catalogue.heads.begin(), catalogue.heads.end(), [](const Head& a, const Head& b) {
    return std::tie(a.diameterMm, a.neckLengthMm) < std::tie(b.diameterMm, b.neckLengthMm);
  });
  std::stable_sort(catalogue.stems.begin(), catalogue.stems.end(), [](const Stem& a, const Stem& b) {
    return std::tie(a.family, a.size, a.offset) < std::tie(b.family, b.size, b.offset);
  });
}

Result<void> checkComplete(const Catalogue& catalogue, const fs::path& folder) {
  const auto missing = [&](const char* what) {
    return badInput(folder.string() + ": no " + what + " in the implant catalogue; add a family file");
  };
  if (catalogue.cups.empty()) return missing("cup");
  if (catalogue.liners.empty()) return missing("liner that fits a cup");
  if (catalogue.heads.empty()) return missing("head");
  if (catalogue.stems.empty()) return missing("stem");
  return {};
}

template <class Product>
Result<void> checkUnique(const std::vector<Product>& products, const fs::path& folder) {
  std::set<std::string_view> ids;
  for (const Product& product : products)
    if (!ids.insert(product.id).second)
      return badInput(folder.string() + ": two products are named \"" + product.id +
                      "\"; give each family its own \"family\" and each size its own \"size\"");
  return {};
}

Result<void> checkUnique(const Catalogue& catalogue, const fs::path& folder) {
  return checkUnique(catalogue.cups, folder)
      .and_then([&] { return checkUnique(catalogue.liners, folder); })
      .and_then([&] { return checkUnique(catalogue.heads, folder); })
      .and_then([&] { return checkUnique(catalogue.stems, folder); });
}

Result<std::vector<fs::path>> familyFiles(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  if (error)
    return badInput(folder.string() + ": the folder of the implant catalogue cannot be read",
                    error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

const char* name(StemOffset offset) {
  return offset == StemOffset::High ? "high" : "standard";
}

const Cup* Catalogue::cup(std::string_view id) const {
  return byId(cups, id);
}
const Liner* Catalogue::liner(std::string_view id) const {
  return byId(liners, id);
}
const Head* Catalogue::head(std::string_view id) const {
  return byId(heads, id);
}
const Stem* Catalogue::stem(std::string_view id) const {
  return byId(stems, id);
}

Result<Catalogue> loadCatalogue(const fs::path& folder) {
  const auto paths = familyFiles(folder);
  if (!paths) return tl::unexpected(paths.error());
  CatalogueFiles files;
  for (const fs::path& path : *paths) {
    const auto text = readFile(path);
    if (!text) return tl::unexpected(text.error());
    if (const auto added = addFamily(files, *text, path.string()); !added)
      return tl::unexpected(added.error());
  }
  Catalogue catalogue = files.products;
  catalogue.liners = linersOf(files);
  sortBySize(catalogue);
  return checkComplete(catalogue, folder).and_then([&] { return checkUnique(catalogue, folder); }).map([&] {
    return catalogue;
  });
}

Result<Catalogue> loadDefaultCatalogue() {
  return loadCatalogue(resourcePath("implants"));
}

const Liner* linerFor(const Catalogue& catalogue, const Cup& cup, double headDiameterMm) {
  for (const Liner& liner : catalogue.liners)
    if (std::abs(liner.outerDiameterMm - cup.innerDiameterMm()) < kSameDiameterMm &&
        std::abs(liner.headDiameterMm - headDiameterMm) < kSameDiameterMm)
      return &liner;
  return nullptr;
}

std::vector<double> headDiametersFor(const Catalogue& catalogue, const Cup& cup) {
  std::set<double> diameters;
  for (const Head& head : catalogue.heads)
    if (linerFor(catalogue, cup, head.diameterMm)) diameters.insert(head.diameterMm);
  return {diameters.begin(), diameters.end()};
}

const Head* headFor(const Catalogue& catalogue, double diameterMm, double neckLengthMm) {
  const Head* best = nullptr;
  for (const Head& head : catalogue.heads) {
    if (std::abs(head.diameterMm - diameterMm) > kSameDiameterMm) continue;
    if (!best || std::abs(head.neckLengthMm - neckLengthMm) < std::abs(best->neckLengthMm - neckLengthMm))
      best = &head;
  }
  return best;
}

const Cup* nearestCup(const Catalogue& catalogue, double outerDiameterMm) {
  const auto nearer = [&](const Cup& a, const Cup& b) {
    return std::abs(a.outerDiameterMm - outerDiameterMm) < std::abs(b.outerDiameterMm - outerDiameterMm);
  };
  const auto best = std::min_element(catalogue.cups.begin(), catalogue.cups.end(), nearer);
  return best == catalogue.cups.end() ? nullptr : &*best;
}

const Stem* stemFor(const Catalogue& catalogue, std::string_view family, int size, StemOffset offset) {
  for (const Stem& stem : catalogue.stems)
    if (stem.family == family && stem.size == size && stem.offset == offset) return &stem;
  return nullptr;
}

}  // namespace coxa
