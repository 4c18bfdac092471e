#include "viewport.hpp"

#include <gtest/gtest.h>

#include <QApplication>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  coxa::Viewport::prepare();
  QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
