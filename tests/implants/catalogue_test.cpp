#include "coxa/implants/catalogue.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace coxa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Catalogue& shipped() {
  static const Catalogue catalogue = loadDefaultCatalogue().value();
  return catalogue;
}

TEST(Catalogue, ShipsTheRangeOfTheIssue) {
  ASSERT_EQ(shipped().cups.size(), 12U);
  EXPECT_EQ(shipped().cups.front().outerDiameterMm, 44.0);
  EXPECT_EQ(shipped().cups.back().outerDiameterMm, 66.0);
  EXPECT_EQ(shipped().heads.size(), 12U);
  EXPECT_EQ(shipped().stems.size(), 24U);
}

TEST(Catalogue, FindsProductsByName) {
  ASSERT_TRUE(shipped().cup("coxa-press-fit-cup-52"));
  ASSERT_TRUE(shipped().liner("coxa-neutral-liner-46-36"));
  ASSERT_TRUE(shipped().head("coxa-head-32-3.5"));
  ASSERT_TRUE(shipped().head("coxa-head-32+7"));
  const Stem* stem = shipped().stem("coxa-tapered-stem-5-high");
  ASSERT_TRUE(stem);
  EXPECT_EQ(stem->size, 5);
  EXPECT_EQ(stem->offset, StemOffset::High);
  EXPECT_EQ(shipped().cup("coxa-press-fit-cup-53"), nullptr);
}

// Wall 3 mm and at least 5 mm of polyethylene: a head of diameter D needs a cup of D + 16 mm.
TEST(Catalogue, LinersKeepTheLeastThickness) {
  for (const Cup& cup : shipped().cups)
    for (const double head : {28.0, 32.0, 36.0})
      EXPECT_EQ(linerFor(shipped(), cup, head) != nullptr, cup.outerDiameterMm >= head + 16.0)
          << cup.id << " with " << head;
  EXPECT_THAT(headDiametersFor(shipped(), *shipped().cup("coxa-press-fit-cup-44")), ElementsAre(28.0));
  EXPECT_THAT(headDiametersFor(shipped(), *shipped().cup("coxa-press-fit-cup-52")),
              ElementsAre(28.0, 32.0, 36.0));
}

TEST(Catalogue, EveryCupTakesALinerAndEveryLinerAHead) {
  for (const Cup& cup : shipped().cups) EXPECT_FALSE(headDiametersFor(shipped(), cup).empty()) << cup.id;
  for (const Liner& liner : shipped().liners)
    EXPECT_TRUE(headFor(shipped(), liner.headDiameterMm, 0.0)) << liner.id;
}

TEST(Catalogue, StemsGrowWithTheirSize) {
  const Stem* smaller = nullptr;
  for (const Stem& stem : shipped().stems) {
    if (stem.offset != StemOffset::Standard) continue;
    if (smaller) {
      EXPECT_GT(stem.lengthMm, smaller->lengthMm);
      EXPECT_GT(stem.distalDiameterMm, smaller->distalDiameterMm);
      EXPECT_GT(stem.proximalMedialMm, smaller->proximalMedialMm);
    }
    smaller = &stem;
  }
}

TEST(Catalogue, NearestProducts) {
  EXPECT_EQ(nearestCup(shipped(), 51.2)->outerDiameterMm, 52.0);
  EXPECT_EQ(nearestCup(shipped(), 20.0)->outerDiameterMm, 44.0);
  EXPECT_EQ(headFor(shipped(), 32.0, 4.0)->neckLengthMm, 3.5);
  EXPECT_EQ(headFor(shipped(), 30.0, 0.0), nullptr);
  EXPECT_EQ(stemFor(shipped(), "coxa-tapered-stem", 99, StemOffset::High), nullptr);
}

struct Mistake {
  const char* file;  // name of the shipped family file
  const char* from;  // what is replaced in it
  const char* to;
  const char* named;  // what the message must name
};

class CatalogueMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(CatalogueMistakes, AreNamedWithFileAndField) {
  const Mistake& mistake = GetParam();
  TempFolder folder;
  const auto shippedFolder = std::filesystem::path(COXA_SOURCE_DIR) / "resources" / "implants";
  std::filesystem::copy(shippedFolder, folder.path(), std::filesystem::copy_options::recursive);
  std::string text = readFile(shippedFolder / mistake.file).value();
  const auto at = text.find(mistake.from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(mistake.from).size(), mistake.to);
  std::ofstream(folder / mistake.file) << text;

  const auto catalogue = loadCatalogue(folder.path());
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().code, ErrorCode::BadInput);
  EXPECT_THAT(catalogue.error().message, HasSubstr(mistake.named));
  EXPECT_THAT(catalogue.error().message, HasSubstr(folder.path().string()));
}

INSTANTIATE_TEST_SUITE_P(
    Families, CatalogueMistakes,
    testing::Values(
        Mistake{"cup-press-fit.json", "\"wallMm\": 3.0", "\"wallMm\": \"thin\"", "\"wallMm\""},
        Mistake{"cup-press-fit.json", "44, 46", "46, 44", "\"outerDiametersMm\""},
        Mistake{"cup-press-fit.json", "\"kind\": \"cup\"", "\"kind\": \"cap\"", "\"kind\""},
        Mistake{"cup-press-fit.json", "{", "", "JSON"},
        Mistake{"head.json", "\"diametersMm\": [28", "\"diametersMm\": [2", "\"diametersMm\""},
        Mistake{"liner-neutral.json", "coxa-press-fit-cup", "nobody", "liner"},
        Mistake{"stem-tapered.json", "\"offset\": \"high\"", "\"offset\": \"tall\"", "offsets[1].offset"},
        Mistake{"stem-tapered.json", "{\"size\": 2, \"lengthMm\": 98", "{\"size\": 2, \"lengthMm\": -98",
                "sizes[1].lengthMm"},
        Mistake{"stem-tapered.json", "\"size\": 3", "\"size\": 2", "coxa-tapered-stem-2-standard"}));

TEST(Catalogue, MissingFolderIsNamed) {
  TempFolder folder;
  const auto catalogue = loadCatalogue(folder / "nowhere");
  ASSERT_FALSE(catalogue);
  EXPECT_THAT(catalogue.error().message, HasSubstr("nowhere"));
}

}  // namespace
}  // namespace coxa
