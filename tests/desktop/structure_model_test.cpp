#include "structure_model.hpp"

#include "structure_filter.hpp"

#include <gtest/gtest.h>

#include <QLocale>

namespace coxa {
namespace {

class StructureModelTest : public ::testing::Test {
 protected:
  StructureModelTest() {
    const auto add = [&](const char* name, double ml, double uncertainty, bool cut = false) {
      summary_.structures.push_back({name, table_.find(name)->value, {ml, 1.5}, uncertainty, cut});
    };
    add("hip_left", 380.0, 0.02);
    add("femur_left", 250.0, 0.01, true);
    add("gluteus_maximus_left", 900.0, 0.08);
    model_.setStructures(table_, summary_);
  }
  QString text(int row, int column) { return model_.index(row, column).data().toString(); }

  StructureTable table_ = StructureTable::loadDefault().value();
  SegmentationSummary summary_;
  StructureModel model_;
};

TEST_F(StructureModelTest, ShowsVolumeWithItsUncertainty) {
  EXPECT_EQ(text(0, StructureModel::Volume), QStringLiteral("380\u00a0±\u00a02"));
  EXPECT_EQ(text(2, StructureModel::Uncertainty), QLocale().toString(0.08, 'f', 3));
}

TEST_F(StructureModelTest, SaysWhenAStructureIsCutOff) {
  EXPECT_TRUE(text(1, StructureModel::Volume).startsWith(QLatin1String("> ")));
  EXPECT_TRUE(model_.index(1, 0).data(Qt::ToolTipRole).toString().contains("edge of the scan"));
}

TEST_F(StructureModelTest, ShowsTheExpectedDiceAndWhatIsDoubtful) {
  summary_.structures[0].expectedDice = Measured{0.93, 0.08};
  summary_.structures[1].expectedDice = Measured{0.61, 0.08};
  summary_.structures[1].doubtful = true;
  model_.setStructures(table_, summary_);
  const auto at = [&](int row, int role) {
    return model_.index(row, StructureModel::ExpectedDice).data(role);
  };
  EXPECT_EQ(
      text(0, StructureModel::ExpectedDice),
      QLocale().toString(0.93, 'f', 2) + QStringLiteral("\u00a0±\u00a0") + QLocale().toString(0.08, 'f', 2));
  EXPECT_EQ(text(2, StructureModel::ExpectedDice), QStringLiteral("–"));
  EXPECT_FALSE(at(0, Qt::DecorationRole).isValid());
  EXPECT_TRUE(at(1, Qt::DecorationRole).isValid());
  EXPECT_TRUE(at(1, Qt::AccessibleTextRole).toString().contains("doubtful"));
  EXPECT_TRUE(at(1, Qt::ToolTipRole).toString().contains("Doubtful"));
  EXPECT_TRUE(model_.headerData(StructureModel::ExpectedDice, Qt::Horizontal, Qt::ToolTipRole)
                  .toString()
                  .contains("expert"));
  StructureFilter filter(nullptr);
  filter.setSourceModel(&model_);
  filter.sort(StructureModel::ExpectedDice, Qt::AscendingOrder);
  EXPECT_EQ(filter.mapToSource(filter.index(0, 0)).row(), 1);
  EXPECT_EQ(filter.mapToSource(filter.index(2, 0)).row(), 2);  // not known: last
}

TEST_F(StructureModelTest, SortsByNumbersNotByText) {
  StructureFilter filter(nullptr);
  filter.setSourceModel(&model_);
  filter.sort(StructureModel::Volume, Qt::DescendingOrder);
  EXPECT_EQ(filter.mapToSource(filter.index(0, 0)).row(), 2);
  EXPECT_EQ(filter.mapToSource(filter.index(2, 0)).row(), 1);
}

TEST_F(StructureModelTest, FiltersByGroupAndName) {
  StructureFilter filter(nullptr);
  filter.setSourceModel(&model_);
  filter.setGroup(StructureGroup::Bone);
  EXPECT_EQ(filter.rowCount(), 2);
  filter.setFilterFixedString("FEM");
  EXPECT_EQ(filter.rowCount(), 1);
  filter.setGroup(StructureGroup::Muscle);
  EXPECT_EQ(filter.rowCount(), 0);
}

TEST_F(StructureModelTest, TellsTheViewsWhatChanged) {
  std::vector<StructureRow> told;
  QObject::connect(&model_, &StructureModel::displayChanged,
                   [&](const StructureRow& row) { told.push_back(row); });
  EXPECT_TRUE(model_.setData(model_.index(0, 0), static_cast<int>(Qt::Unchecked), Qt::CheckStateRole));
  model_.setOpacity(1, 0.5);
  model_.setOpacity(1, 0.5);  // nothing new
  model_.setColor(2, Qt::red);
  ASSERT_EQ(told.size(), 3U);
  EXPECT_FALSE(told[0].visible);
  EXPECT_EQ(told[1].opacity, 0.5);
  EXPECT_EQ(told[2].color, QColor(Qt::red));
}

}  // namespace
}  // namespace coxa
