#include "coxa/geometry/mesh_tree.hpp"
#include "coxa/image/resample.hpp"
#include "coxa/metal/found_implants.hpp"

#include <cmath>

namespace coxa {

namespace {

constexpr double kBehindJointMm = 80.0;  // how far from the joint screws are looked for

class Painter {
 public:
  Painter(LabelMap& labels, const FoundHip& hip)
      : labels_(labels), shift_(hip.side == Side::Left ? kLeftImplantLabels : 0) {}

  /// Marks voxels whose centre is inside, within a box about `bounds`.
  template <class Inside>
  void paint(ImplantLabel label, const Eigen::AlignedBox3d& bounds, const Inside& inside) {
    const IndexBox box = boxOf(bounds);
    for (int k = box.min.z(); k <= box.max.z(); ++k)
      for (int j = box.min.y(); j <= box.max.y(); ++j)
        for (int i = box.min.x(); i <= box.max.x(); ++i)
          if (inside(Eigen::Vector3i(i, j, k), labels_.grid.worldFromIndex(Vec3(i, j, k))))
            labels_.at(i, j, k) = static_cast<std::uint8_t>(static_cast<int>(label) + shift_);
  }

  void paintBetween(ImplantLabel label, const Vec3& center, const Vec3& axis, double inner, double outer) {
    paint(label, around(center, outer), [&](const Eigen::Vector3i&, const Vec3& p) {
      const Vec3 d = p - center;
      return d.dot(axis) <= 0.0 && d.norm() >= inner && d.norm() <= outer;
    });
  }

  static Eigen::AlignedBox3d around(const Vec3& center, double radius) {
    return {center - Vec3::Constant(radius), center + Vec3::Constant(radius)};
  }

 private:
  IndexBox boxOf(const Eigen::AlignedBox3d& bounds) const {
    Eigen::AlignedBox3d inIndex;
    for (int c = 0; c < 8; ++c)
      inIndex.extend(
          labels_.grid.indexFromWorld(bounds.corner(static_cast<Eigen::AlignedBox3d::CornerType>(c))));
    const Eigen::Vector3i last = labels_.grid.size - Eigen::Vector3i::Ones();
    return {inIndex.min().array().floor().cast<int>().max(0).matrix(),
            inIndex.max().array().ceil().cast<int>().min(last.array()).matrix()};
  }

  LabelMap& labels_;
  int shift_;
};

void paintStem(Painter& painter, const FoundHip& hip, const LabelMap& metal) {
  const FoundStem& stem = *hip.stem;
  if (!stem.product && !stem.own) {
    const Vec3 head = hip.head->center;
    const double beyond = 0.5 * hip.head->diameterMm.value;
    painter.paint(ImplantLabel::Stem, Painter::around(head, 320.0),
                  [&](const Eigen::Vector3i& v, const Vec3& p) {
                    const bool femoral = !hip.cup || (p - hip.cup->center()).dot(hip.cup->axis()) > 1.0;
                    return metal.at(v.x(), v.y(), v.z()) != 0 && femoral && (p - head).norm() > beyond &&
                           std::abs(p.x() - head.x()) < 90.0;
                  });
    return;
  }
  for (const TriangleMesh& part : stem.parts()) {
    const TriangleMesh placed = transformed(part, stem.world_from_stem);
    const MeshTree tree(placed);
    painter.paint(ImplantLabel::Stem, bounds(placed),
                  [&](const Eigen::Vector3i&, const Vec3& p) { return tree.contains(p); });
  }
}

void paintCup(Painter& painter, const FoundHip& hip, const LabelMap& metal) {
  const FoundCup& cup = *hip.cup;
  const double outer = 0.5 * (cup.product ? cup.product->outerDiameterMm : cup.outerDiameterMm.value);
  const double inner = 0.5 * cup.innerDiameterMm;
  painter.paintBetween(ImplantLabel::Cup, cup.center(), cup.axis(), inner, outer);
  painter.paint(ImplantLabel::Screws, Painter::around(cup.center(), kBehindJointMm),
                [&](const Eigen::Vector3i& v, const Vec3& p) {
                  return metal.at(v.x(), v.y(), v.z()) != 0 && hip.isScrew(p);
                });
  if (hip.head)
    painter.paintBetween(ImplantLabel::Liner, cup.center(), cup.axis(), 0.5 * hip.head->diameterMm.value,
                         inner);
}

}  // namespace

LabelMap implantLabels(const FoundImplants& found) {
  LabelMap labels(found.metal.implants.grid);
  for (const FoundHip& hip : found.hips) {
    Painter painter(labels, hip);
    if (hip.cup) paintCup(painter, hip, found.metal.implants);
    if (hip.stem) paintStem(painter, hip, found.metal.implants);
    if (hip.head) {
      const double radius =
          0.5 * (hip.head->product ? hip.head->product->diameterMm : hip.head->diameterMm.value);
      painter.paint(
          ImplantLabel::Head, Painter::around(hip.head->center, radius),
          [&](const Eigen::Vector3i&, const Vec3& p) { return (p - hip.head->center).norm() <= radius; });
    }
  }
  return labels;
}

}  // namespace coxa
