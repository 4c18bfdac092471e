#include "coxa/report/report.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <regex>

using namespace coxa;

namespace {

std::string outputOf(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe); n > 0;
       n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), n);
  ::pclose(pipe);
  return text;
}

/// poppler-utils, an independent reader of PDF.
bool havePoppler() {
  return outputOf("pdfinfo -v").find("pdfinfo version") != std::string::npos;
}

std::string withoutSpace(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; }),
             text.end());
  return text;
}

Picture plainPicture(int width, int height) {
  return {width, height, {200, 205, 210}};
}

MotionRow motionRow(const std::string& direction, double required, double reached, Verdict verdict) {
  MotionRow row;
  row.direction = direction;
  row.requiredDeg = required;
  row.reachedDeg = {reached, 2.0};
  row.verdict = verdict;
  row.contact = FirstContact{};
  row.contact->contact = {"liner", "stem_neck", ContactKind::ImplantImplant, Vec3::Zero()};
  return row;
}

ReportContent fullContent() {
  ReportContent content;
  content.pseudonym = "HIP-0042";
  content.side = Side::Left;
  content.date = "2026-11-22";
  content.programVersion = "0.1.0";
  content.study = {{"Slices", "163 of 3.0 mm"}, {"Scanner", "Big Bore, 120 kV"}};
  content.implants = {
      {"Cup", "52 mm"}, {"Liner", "36 mm neutral"}, {"Stem", "Size 9 standard"}, {"Head", "36 mm +3.5"}};
  content.headlines = {{"Inclination", {40.2, 1.3}, "\u00b0", 1, "radiographic", "FPP"},
                       {"Anteversion", {15.8, 1.7}, "\u00b0", 1, "radiographic", "FPP"},
                       {"Leg length", {3.1, 0.9}, "mm", 1, "change against now", ""},
                       {"Offset", {-1.4, 1.1}, "mm", 1, "change against now", ""}};
  content.plan = content.headlines;
  content.plan.push_back({"Operative anteversion", {19.3, 1.7}, "\u00b0", 1, "operative", "APP"});
  content.motion = MotionResult{};
  content.motion->profile = "Komiyama";
  content.motion->rows = {motionRow("flexion", 110.0, 121.4, Verdict::Met),
                          motionRow("internal_rotation_at_90_flexion", 30.0, 22.6, Verdict::NotMet)};
  content.pictures = {{plainPicture(800, 800), "Axial through the cup's centre"},
                      {plainPicture(900, 600), "From the front"}};
  content.structures = {{"Hip bone, left", {412.3, 6.0}, 0.0004, false},
                        {"Piriformis, left", {31.7, 4.0}, 0.0123, true}};
  content.landmarks = {{"ASIS, left", 1.2, 0.94, false, "most anterior point"},
                       {"Pubic tubercle, left", 2.8, 0.41, true, "placed in the axial view"}};
  content.notices = {{Notice::Severity::Warning, "dicom.rounded", "The knee is outside the scan.", {}}};
  content.provenance = {{"Model", "pelvis 3f9a0c"}, {"Seed", "17"}};
  return content;
}

ReportContent stressContent() {
  ReportContent content = fullContent();
  const std::string endless(180, 'W');
  const std::string wordy =
      "A name that goes on and on so that it has to be broken into several lines by whoever prints it";
  content.pseudonym = "PSEUDONYM-" + endless;
  content.implants.push_back({wordy, endless});
  content.headlines.push_back({wordy, {-123456.789, 1234.5}, "furlongs", 3, wordy, "FPP"});
  for (int i = 0; i < 60; ++i)
    content.structures.push_back({"Structure" + std::to_string(i) + (i % 7 == 0 ? endless : ""),
                                  {10.0 * i, 1.0},
                                  0.001 * i,
                                  i % 3 == 0});
  for (int i = 0; i < 40; ++i)
    content.notices.push_back(
        {i % 2 ? Notice::Severity::Info : Notice::Severity::Warning,
         "x",
         "Notice" + std::to_string(i) + " " + wordy + " " + (i % 9 == 0 ? endless : wordy),
         {}});
  for (int i = 0; i < 30; ++i)
    content.plan.push_back({"Measure" + std::to_string(i), {1.0 * i, 0.5}, "mm", 1, wordy + wordy, "APP"});
  for (int i = 0; i < 7; ++i) content.pictures.push_back({plainPicture(200 + 300 * i, 900), wordy + endless});
  content.provenance.push_back({"SHA-256", std::string(64, 'a') + std::string(64, 'b')});
  content.provenance.push_back({"\u60a3\u8005", "\u80a1\u95a2\u7bc0"});
  return content;
}

/// Every word's box lies within the margins of A4 (595 by 842 points), and no word lies on the footer's line
/// but the footer.
void expectWithinMargins(const std::string& bbox) {
  const std::regex word(
      "<word xMin=\"([-0-9.]+)\" yMin=\"([-0-9.]+)\" xMax=\"([-0-9.]+)\" yMax=\"([-0-9.]+)\">([^<]*)<");
  constexpr double kMargin = 18.0 / 25.4 * 72.0;
  int words = 0;
  for (auto it = std::sregex_iterator(bbox.begin(), bbox.end(), word); it != std::sregex_iterator(); ++it) {
    ++words;
    EXPECT_GE(std::stod((*it)[1]), kMargin - 1.0) << (*it)[5];
    EXPECT_GE(std::stod((*it)[2]), kMargin - 6.0) << (*it)[5];
    EXPECT_LE(std::stod((*it)[3]), 595.3 - kMargin + 1.5) << (*it)[5];
    EXPECT_LE(std::stod((*it)[4]), 841.9 - kMargin + 6.0) << (*it)[5];
  }
  EXPECT_GT(words, 50);
}

class Report : public testing::Test {
 protected:
  void SetUp() override {
    if (!havePoppler()) GTEST_SKIP() << "poppler-utils is not installed";
  }

  std::string write(const ReportContent& content, const std::string& name) {
    const auto path = folder_ / name;
    const auto done = writeReport(content, path);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
    if (const char* keep = std::getenv("COXA_KEEP"))
      std::filesystem::copy(path, std::filesystem::path(keep) / name,
                            std::filesystem::copy_options::overwrite_existing);
    return path.string();
  }

  int pagesOf(const std::string& pdf) {
    const std::string info = outputOf("pdfinfo " + pdf);
    EXPECT_THAT(info, testing::HasSubstr("(A4)")) << info;
    std::smatch match;
    return std::regex_search(info, match, std::regex("Pages:\\s+(\\d+)")) ? std::stoi(match[1]) : 0;
  }

  TempFolder folder_;
};

}  // namespace

TEST_F(Report, SaysEverything) {
  const std::string pdf = write(fullContent(), "full.pdf");
  const int pages = pagesOf(pdf);
  EXPECT_GE(pages, 2);
  EXPECT_LE(pages, 4);
  const std::string text = outputOf("pdftotext -layout " + pdf + " -");
  for (const char* expected : {"HIP-0042",
                               "Left hip",
                               "2026-11-22",
                               "52 mm",
                               "Size 9 standard",
                               "36 mm +3.5",
                               "Inclination",
                               "radiographic",
                               "FPP",
                               "APP",
                               "operative",
                               "Komiyama",
                               "Flexion",
                               "Internal rotation at 90",
                               "stem neck on liner",
                               "not met",
                               "Axial through the cup",
                               "Hip bone, left",
                               "412",
                               "0.0123",
                               "ASIS, left",
                               "by hand",
                               "The knee is outside the scan.",
                               "pelvis 3f9a0c",
                               "163 of 3.0 mm"})
    EXPECT_THAT(text, testing::HasSubstr(expected));
  EXPECT_THAT(withoutSpace(text), testing::HasSubstr("40.2\u00b11.3\u00b0"));
  EXPECT_THAT(withoutSpace(text), testing::HasSubstr("\u22121.4\u00b11.1mm"));
  for (int page = 1; page <= pages; ++page) {
    const std::string number = std::to_string(page);
    const std::string one = outputOf("pdftotext -f " + number + " -l " + number + " " + pdf + " -");
    EXPECT_THAT(one, testing::HasSubstr("Research software, not a medical device."));
    EXPECT_THAT(one, testing::HasSubstr("Page " + number + " of " + std::to_string(pages)));
  }
  expectWithinMargins(outputOf("pdftotext -bbox " + pdf + " -"));
}

TEST_F(Report, WrapsAndBreaksWhatIsTooLong) {
  const ReportContent content = stressContent();
  const std::string pdf = write(content, "stress.pdf");
  EXPECT_GE(pagesOf(pdf), 6);
  expectWithinMargins(outputOf("pdftotext -bbox " + pdf + " -"));
  const std::string text = outputOf("pdftotext -layout " + pdf + " -");
  for (int i = 0; i < 60; ++i) EXPECT_THAT(text, testing::HasSubstr("Structure" + std::to_string(i)));
  for (int i = 0; i < 40; ++i) EXPECT_THAT(text, testing::HasSubstr("Notice" + std::to_string(i) + " "));
  for (int i = 0; i < 30; ++i) EXPECT_THAT(text, testing::HasSubstr("Measure" + std::to_string(i)));
  EXPECT_THAT(text, testing::HasSubstr("Structures and their uncertainty (continued)"));
  EXPECT_THAT(text, testing::HasSubstr("\u80a1\u95a2\u7bc0"));
}

TEST_F(Report, SaysThatPlanAndMotionAreMissing) {
  ReportContent content;
  content.pseudonym = "HIP-0001";
  const std::string text = outputOf("pdftotext " + write(content, "empty.pdf") + " -");
  EXPECT_THAT(text, testing::HasSubstr("No implant has been planned."));
  EXPECT_THAT(text, testing::HasSubstr("The range of motion has not been computed."));
}

TEST_F(Report, EmbedsItsFonts) {
  const std::string fonts = outputOf("pdffonts " + write(fullContent(), "fonts.pdf"));
  EXPECT_THAT(fonts, testing::HasSubstr("yes"));
  EXPECT_THAT(fonts, testing::Not(testing::ContainsRegex("no +(yes|no) +(yes|no) +[0-9]+ +[0-9]+")));
}

TEST(ReportFile, NamesAPlaceThatCannotBeWritten) {
  const auto done = writeReport(fullContent(), "/nowhere/at/all/report.pdf");
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::BadInput);
}
