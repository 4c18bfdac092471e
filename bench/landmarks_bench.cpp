// Landmarks found on segmented bones of eight adults (VSDFullBody) against experts' picks.
// usage: coxa_landmarks_bench DATA_FOLDER [--cut MM]   (cut the femora MM below the head centre)
#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/landmarks.hpp"
#include "coxa/base/files.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace {

using namespace coxa;

TriangleMesh readPly(const std::filesystem::path& path) {
  const std::string bytes = readFile(path).value();
  const std::size_t data = bytes.find("end_header\n") + 11;
  const auto count = [&](const std::string& element) {
    return std::stoul(bytes.substr(bytes.find("element " + element) + 9 + element.size()));
  };
  TriangleMesh mesh;
  mesh.vertices.resize(count("vertex"));
  std::memcpy(static_cast<void*>(mesh.vertices.data()), bytes.data() + data, mesh.vertices.size() * 12);
  mesh.triangles.resize(count("face"));
  const char* face = bytes.data() + data + mesh.vertices.size() * 12;
  for (auto& triangle : mesh.triangles) {
    std::memcpy(triangle.data(), face + 1, 12);
    face += 13;
  }
  if (volumeMm3(mesh) < 0)
    for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

struct Pick {
  Vec3 position = Vec3::Zero();
  double raterRmsMm = 0.0;
};
struct Subject {
  std::string name;
  BoneMeshes bones;
  Side femurSide = Side::Left;
  std::map<std::string, Pick> picks;
};

Subject readSubject(const std::filesystem::path& folder) {
  Subject subject{folder.filename().string(), {}, Side::Left, {}};
  subject.bones = {readPly(folder / "Hip_L.ply"), readPly(folder / "Hip_R.ply"),
                   readPly(folder / "Femur_L.ply"), readPly(folder / "Femur_R.ply"), 1.0};
  std::string text = readFile(folder / "landmarks.json").value();
  if (const auto at = text.find("NaN"); at != std::string::npos) text.replace(at, 3, "0.0");  // not JSON
  const auto json = nlohmann::json::parse(text);
  subject.femurSide = json.at("femurSide") == "L" ? Side::Left : Side::Right;
  for (const auto& [name, pick] : json.at("landmarks").items()) {
    const auto& p = pick.at("mean");
    subject.picks[name] = {Vec3(p[0], p[1], p[2]), pick.at("rater_rms_mm")};
  }
  return subject;
}

struct Column {
  std::vector<double> values, raters;
};
class Table {
 public:
  void add(const std::string& row, double value, double rater = 0.0) {
    if (!rows_.contains(row)) order_.push_back(row);
    rows_[row].values.push_back(value);
    rows_[row].raters.push_back(rater);
  }
  void print() const {
    std::printf("%-44s %3s %7s %6s %7s %7s | %s\n", "", "n", "mean", "sd", "rms", "max", "raters");
    for (const auto& name : order_) {
      const auto& [v, raters] = rows_.at(name);
      const double n = static_cast<double>(v.size());
      double sum = 0, squares = 0, greatest = 0, rater = 0;
      for (const double x : v) {
        sum += x;
        squares += x * x;
        greatest = std::max(greatest, std::abs(x));
      }
      for (const double x : raters) rater += x / n;
      const double mean = sum / n;
      const double sd = n > 1 ? std::sqrt(std::max(0.0, (squares - n * mean * mean) / (n - 1))) : 0.0;
      std::printf("%-44s %3.0f %7.2f %6.2f %7.2f %7.2f | %.2f\n", name.c_str(), n, mean, sd,
                  std::sqrt(squares / n), greatest, rater);
    }
  }

 private:
  std::map<std::string, Column> rows_;
  std::vector<std::string> order_;
};

std::string on(Side side, const std::string& name) {
  return (side == Side::Left ? "Left " : "Right ") + name;
}

void comparePoint(Table& table, const Subject& subject, const std::string& row,
                  const std::optional<PointLandmark>& found, const std::string& pick) {
  if (!found) {
    std::cout << subject.name << ": no " << row << '\n';
    return;
  }
  const Pick& truth = subject.picks.at(pick);
  const double mm = (found->position - truth.position).norm();
  table.add(row, mm, truth.raterRmsMm);
}

Vec3 meanOf(const Subject& subject, std::initializer_list<const char*> names) {
  Vec3 sum = Vec3::Zero();
  for (const auto* name : names) sum += subject.picks.at(name).position;
  return sum / static_cast<double>(names.size());
}

void compareFemur(Table& table, const Subject& subject, const HipLandmarks& hip) {
  std::vector<Vec3> onHead;
  for (const auto* name :
       {"Superior Femoral Head (SFH)", "Anterior Femoral Head (AFH)", "Lateral Femoral Head (LFH)",
        "Posterior Femoral Head (PFH)", "Medial Femoral Head (MFH)", "Inferior Femoral Head (IFH)"})
    onHead.push_back(subject.picks.at(name).position);
  const Sphere experts = *fitSphere(onHead);
  if (hip.femoralHead) {
    table.add("head centre to experts' sphere", (hip.femoralHead->sphere.center - experts.center).norm());
    table.add("head radius minus experts'", hip.femoralHead->sphere.radiusMm - experts.radiusMm);
  }
  comparePoint(table, subject, "greater trochanter", hip.greaterTrochanter,
               "Superior Greater Trochanter (SGT)");
  comparePoint(table, subject, "lesser trochanter", hip.lesserTrochanter, "Lesser Trochanter (LT)");
  comparePoint(table, subject, "medial epicondyle", hip.medialEpicondyle, "Medial Epicondyle (MEC)");
  comparePoint(table, subject, "lateral epicondyle", hip.lateralEpicondyle, "Lateral Epicondyle (LEC)");
  const Vec3 isthmus = meanOf(subject, {"Superior Neck Isthmus (SNI)", "Anterior Neck Isthmus (ANI)",
                                        "Inferior Neck Isthmus (INI)", "Posterior Neck Isthmus (PNI)"});
  if (hip.femoralNeck) {
    const Line& neck = hip.femoralNeck->line;
    table.add("neck axis to experts' isthmus", (isthmus - neck.point).cross(neck.direction).norm());
    table.add("neck direction, degrees",
              degFromRad(std::acos(neck.direction.dot((experts.center - isthmus).normalized()))));
  }
  if (hip.femoralShaft && hip.medialEpicondyle && hip.lateralEpicondyle) {
    const Vec3& z = hip.femoralShaft->line.direction;
    const auto flat = [&](const Vec3& v) { return Vec3((v - z.dot(v) * z).normalized()); };
    const Vec3 ours = flat(hip.medialEpicondyle->position - hip.lateralEpicondyle->position);
    const Vec3 theirs = flat(subject.picks.at("Medial Epicondyle (MEC)").position -
                             subject.picks.at("Lateral Epicondyle (LEC)").position);
    table.add("rotation of transepicondylar axis, degrees", degFromRad(std::asin(ours.cross(theirs).dot(z))));
  }
}

void comparePelvis(Table& table, const Subject& subject, const LandmarkSet& found) {
  LandmarkSet experts;
  for (const Side side : {Side::Left, Side::Right}) {
    comparePoint(table, subject, "ASIS", found.side(side).asis, on(side, "ASIS"));
    comparePoint(table, subject, "pubic tubercle", found.side(side).pubicTubercle,
                 on(side, "Pubic Tubercle (PT)"));
    experts.side(side).asis = PointLandmark{subject.picks.at(on(side, "ASIS")).position, {}};
    experts.side(side).pubicTubercle =
        PointLandmark{subject.picks.at(on(side, "Pubic Tubercle (PT)")).position, {}};
  }
  const auto ours = pelvisFromWorld(found, PelvicPlane::Anterior);
  const auto theirs = pelvisFromWorld(experts, PelvicPlane::Anterior);
  if (ours && theirs) {
    const Mat3 turn = ours->linear() * theirs->linear().transpose();
    table.add("anterior pelvic plane, sagittal degrees", degFromRad(std::atan2(turn(2, 1), turn(1, 1))));
    table.add("anterior pelvic plane, whole rotation", degFromRad(Eigen::AngleAxisd(turn).angle()));
  }
}

void describe(Table& table, const LandmarkSet& found) {
  for (const Side side : {Side::Left, Side::Right}) {
    const auto& hip = found.side(side);
    if (hip.acetabulum && hip.femoralHead) {
      table.add("acetabular minus head radius",
                hip.acetabulum->sphere.radiusMm - hip.femoralHead->sphere.radiusMm);
      table.add("acetabular to head centre",
                (hip.acetabulum->sphere.center - hip.femoralHead->sphere.center).norm());
      table.add("acetabular fit rms", hip.acetabulum->sphere.rmsMm);
      table.add("head fit rms", hip.femoralHead->sphere.rmsMm);
    }
    if (!hip.acetabularRim) continue;
    table.add("rim plane rms", hip.acetabularRim->plane.rmsMm);
    const auto angles = cupAnglesOf(hip.acetabularRim->plane.normal, found, side, CupDefinition::Radiographic,
                                    PelvicPlane::Anterior);
    if (!angles) continue;
    table.add("rim inclination (radiographic, APP)", angles->inclinationDeg);
    table.add("rim anteversion (radiographic, APP)", angles->anteversionDeg);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path data = argc > 1 ? argv[1] : "../shared/data";
  Table table, shapes;
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(data / "vsd-bones"))
    folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    if (!std::filesystem::is_directory(folder)) continue;
    const Subject subject = readSubject(folder);
    const auto found = findLandmarks(subject.bones, Job());
    for (const auto& notice : found->notices) std::cout << subject.name << ": " << notice.message << '\n';
    comparePelvis(table, subject, *found);
    compareFemur(table, subject, found->side(subject.femurSide));
    describe(shapes, *found);
  }
  table.print();
  shapes.print();
}
