// Landmarks found on segmented bones of eight adults (VSDFullBody) against experts' picks, then on the same
// femora cut as most hip CTs cut them, and on three expert label maps (time and self-consistency).
// usage: coxa_landmarks_bench [DATA_FOLDER]
#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/landmarks.hpp"
#include "coxa/base/files.hpp"
#include "coxa/geometry/clip.hpp"
#include "coxa/image/files.hpp"

#include <algorithm>
#include <chrono>
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
    std::printf("%-56s %3s %7s %6s %7s %7s | %s\n", "", "n", "mean", "sd", "rms", "max", "raters");
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
      std::printf("%-56s %3.0f %7.2f %6.2f %7.2f %7.2f | %.2f\n", name.c_str(), n, mean, sd,
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
    if (hip.femoralNeck && hip.femoralShaft)
      table.add("neck-shaft angle, degrees", 180.0 - degFromRad(std::acos(hip.femoralNeck->line.direction.dot(
                                                         hip.femoralShaft->line.direction))));
    if (!hip.acetabularRim) continue;
    table.add("rim plane rms", hip.acetabularRim->plane.rmsMm);
    const auto angles = cupAnglesOf(hip.acetabularRim->plane.normal, found, side, CupDefinition::Radiographic,
                                    PelvicPlane::Anterior);
    if (!angles) continue;
    table.add("rim inclination (radiographic, APP)", angles->inclinationDeg);
    table.add("rim anteversion (radiographic, APP)", angles->anteversionDeg);
  }
}

Vec3 perpendicular(const Vec3& v, const Vec3& axis) {
  return (v - axis.dot(v) * axis).normalized();
}

// How far the neck's direction, seen along the shaft, is turned in front of the transepicondylar axis: the
// substitute for the knee assumes 18°.
void measureSubstitute(Table& table, const Subject& subject, const LandmarkSet& found, Side side) {
  const HipLandmarks& hip = found.side(side);
  const Vec3& z = hip.femoralShaft->line.direction;
  Vec3 across = hip.medialEpicondyle->position - hip.lateralEpicondyle->position;
  if (side == subject.femurSide)
    across = subject.picks.at("Medial Epicondyle (MEC)").position -
             subject.picks.at("Lateral Epicondyle (LEC)").position;
  const Vec3 neck = perpendicular(hip.femoralNeck->line.direction, z);
  const double turn = degFromRad(std::asin(neck.cross(perpendicular(across, z)).dot(z)));
  const double version = side == Side::Right ? turn : -turn;
  table.add("neck version against the epicondyles, degrees", version);
  table.add("error of the assumed 18 degrees", version - 18.0);
}

void compareCut(Table& table, const Subject& subject, const LandmarkSet& whole, double belowMm) {
  BoneMeshes cut = subject.bones;
  for (const Side side : {Side::Left, Side::Right}) {
    const Vec3& head = whole.side(side).femoralHead->sphere.center;
    TriangleMesh& femur = side == Side::Left ? cut.femurLeft : cut.femurRight;
    femur = clipped(femur, Plane{head - belowMm * Vec3::UnitZ(), Vec3::UnitZ(), 0.0});
  }
  const auto found = findLandmarks(cut, Job()).value();
  const std::string label = " with " + std::to_string(static_cast<int>(belowMm)) + " mm of femur";
  for (const Side side : {Side::Left, Side::Right}) {
    const auto &a = whole.side(side), &b = found.side(side);
    if (!b.femoralShaft) {
      std::cout << subject.name << ": no shaft axis" << label << '\n';
      continue;
    }
    const auto between = [](const Vec3& u, const Vec3& v) {
      return degFromRad(std::atan2(u.cross(v).norm(), u.dot(v)));
    };
    table.add("shaft axis, degrees," + label,
              between(a.femoralShaft->line.direction, b.femoralShaft->line.direction));
    table.add("lesser trochanter, mm," + label,
              (a.lesserTrochanter->position - b.lesserTrochanter->position).norm());
    table.add("greater trochanter, mm," + label,
              (a.greaterTrochanter->position - b.greaterTrochanter->position).norm());
    table.add("neck direction, degrees," + label,
              between(a.femoralNeck->line.direction, b.femoralNeck->line.direction));
    const Mat3 full = femurFrame(whole, side).value().femur_from_world.linear();
    const Mat3 part = femurFrame(found, side).value().femur_from_world.linear();
    table.add("femur frame's rotation, degrees," + label, between(full.row(0), part.row(0)));
  }
}

// The expert label maps have no sides: split in the middle of the pelvis (1 hip bones, 2 femora).
LabelMap withSides(const LabelMap& labels) {
  double sum = 0.0, count = 0.0;
  const auto width = static_cast<std::size_t>(labels.grid.size.x());
  for (std::size_t v = 0; v < labels.voxels.size(); ++v)
    if (labels.voxels[v] == 1) {
      sum += static_cast<double>(v % width);
      count += 1.0;
    }
  LabelMap sided(labels.grid);
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    const bool left = static_cast<double>(v % width) > sum / count;
    if (labels.voxels[v] == 1) sided.voxels[v] = left ? 1 : 2;
    if (labels.voxels[v] == 2) sided.voxels[v] = left ? 3 : 4;
  }
  return sided;
}

void measureLabels(const std::filesystem::path& folder) {
  const auto labels = readLabelMap(folder / "label.mhd");
  if (!labels) return;
  const LabelMap sided = withSides(*labels);
  const auto start = std::chrono::steady_clock::now();
  const auto found = findLandmarks(sided, ScalarImage(), Job()).value();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Table table;
  describe(table, found);
  std::printf("\nlabel map %s: %.2f s, %zu notices\n", folder.filename().c_str(), seconds,
              found.notices.size());
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path data = argc > 1 ? argv[1] : "../shared/data";
  Table table, shapes, substitutes, cuts;
  for (const char* name : {"z001", "z013", "z019", "z023", "z027", "z036", "z042", "z049"}) {
    const Subject subject = readSubject(data / "vsd-bones" / name);
    const auto found = findLandmarks(subject.bones, Job()).value();
    for (const auto& notice : found.notices) std::cout << name << ": " << notice.message << '\n';
    comparePelvis(table, subject, found);
    compareFemur(table, subject, found.side(subject.femurSide));
    describe(shapes, found);
    for (const Side side : {Side::Left, Side::Right}) measureSubstitute(substitutes, subject, found, side);
    for (const double belowMm : {120.0, 150.0, 200.0}) compareCut(cuts, subject, found, belowMm);
  }
  for (const Table* each : {&table, &shapes, &substitutes, &cuts}) each->print();
  for (const char* name : {"001", "002", "004"}) measureLabels(data / "pelvic-ref" / "labels" / name);
}
