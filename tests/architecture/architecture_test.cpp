// The house's rules, read from the sources themselves: arrows between rooms point upwards in the table of
// cmake/rooms.cmake only, third-party types stay out of public headers, and the desktop holds no LibTorch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kSource = COXA_SOURCE_DIR;

struct Room {
  int order = 0;
  std::set<std::string> uses;
};

std::map<std::string, Room> rooms() {
  std::map<std::string, Room> table;
  std::ifstream file(COXA_ROOMS_FILE);
  std::string line;
  while (std::getline(file, line)) {
    const auto colon = line.find(':');
    std::istringstream uses(line.substr(colon + 1));
    Room room{static_cast<int>(table.size()), {}};
    for (std::string used; uses >> used;) room.uses.insert(used);
    table[line.substr(0, colon)] = room;
  }
  return table;
}

struct Include {
  fs::path file;
  std::string room;
  std::string included;
};

std::vector<Include> includesBelow(const fs::path& folder) {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    std::ifstream file(entry.path());
    const std::string room = fs::relative(entry.path(), folder).begin()->string();
    std::smatch match;
    for (std::string line; std::getline(file, line);)
      if (std::regex_search(line, match, pattern)) found.push_back({entry.path(), room, match[1]});
  }
  return found;
}

std::string roomOf(const std::string& included) {
  if (!included.starts_with("coxa/")) return {};
  return included.substr(5, included.find('/', 5) - 5);
}

// Every room reached by USES; a room's includes may follow those arrows.
std::set<std::string> reach(const std::map<std::string, Room>& table, const std::string& room) {
  std::set<std::string> all;
  std::vector<std::string> open = {room};
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (!all.insert(next).second) continue;
    for (const auto& used : table.at(next).uses) open.push_back(used);
  }
  return all;
}

TEST(Rooms, UseOnlyRoomsAboveThem) {
  const auto table = rooms();
  ASSERT_GT(table.size(), 10U);
  for (const auto& [name, room] : table)
    for (const auto& used : room.uses) {
      ASSERT_TRUE(table.contains(used)) << name << " uses the unknown room " << used;
      EXPECT_LT(table.at(used).order, room.order) << name << " may not use " << used;
    }
}

TEST(Rooms, IncludeOnlyWhatTheyUse) {
  const auto table = rooms();
  for (const auto& folder : {kSource / "include" / "coxa", kSource / "src"})
    for (const auto& include : includesBelow(folder)) {
      const std::string used = roomOf(include.included);
      if (used.empty()) continue;
      ASSERT_TRUE(table.contains(include.room)) << include.file << " is in no room of the table";
      EXPECT_TRUE(reach(table, include.room).contains(used))
          << include.file << " includes " << include.included << " but " << include.room
          << " does not use that room";
    }
}

TEST(Rooms, PublicHeadersShowNoThirdPartyButEigen) {
  static const std::regex allowed(
      R"(^(coxa/.*|Eigen/.*|tl/expected\.hpp|[a-z_]+)$)");  // no dot: standard library
  for (const auto& include : includesBelow(kSource / "include" / "coxa"))
    EXPECT_TRUE(std::regex_match(include.included, allowed))
        << include.file << " includes " << include.included;
  static const std::regex foreign(
      R"(\b(vtk[A-Z]\w*|itk::|torch::|at::Tensor|Dcm[A-Z]\w*|OFString|nlohmann::|Q[A-Z]\w+)\b)");
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "include" / "coxa")) {
    if (entry.path().extension() != ".hpp") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::string code = line.substr(0, line.find("//"));
      EXPECT_FALSE(std::regex_search(code, foreign)) << entry.path() << ": " << line;
    }
  }
}

TEST(Desktop, LinksNoLibTorch) {
#ifdef COXA_DESKTOP_PROGRAM
  std::string libraries;
  FILE* pipe = ::popen("ldd " COXA_DESKTOP_PROGRAM, "r");
  ASSERT_NE(pipe, nullptr);
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) libraries += buffer;
  ASSERT_EQ(::pclose(pipe), 0);
  EXPECT_THAT(libraries, testing::HasSubstr("libQt6Widgets"));
  EXPECT_THAT(libraries, testing::Not(testing::HasSubstr("libtorch")));
  EXPECT_THAT(libraries, testing::Not(testing::HasSubstr("libQt5")));
#else
  GTEST_SKIP() << "the desktop is not part of this build";
#endif
}

}  // namespace
