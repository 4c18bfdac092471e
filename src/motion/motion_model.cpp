#include "rotation_contact.hpp"

#include "coxa/geometry/mesh_tree.hpp"
#include "coxa/motion/range_of_motion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

namespace coxa {

namespace {

constexpr double kLongestEdgeMm = 2.5;

/// One vertex of every connected part of a mesh.
std::vector<Vec3> partPoints(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> parent(mesh.vertices.size());
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
  };
  for (const auto& t : mesh.triangles) {
    parent[root(t[1])] = root(t[0]);
    parent[root(t[2])] = root(t[0]);
  }
  std::vector<Vec3> points;
  std::vector<bool> seen(mesh.vertices.size(), false);
  for (const auto& t : mesh.triangles) {
    const std::uint32_t r = root(t[0]);
    if (seen[r]) continue;
    seen[r] = true;
    points.push_back(mesh.vertices[r].cast<double>());
  }
  return points;
}

/// The same surface with long edges halved until none exceeds `longestMm`, so that boxes around its triangles
/// are tight. Generated implants have needle-shaped triangles as long as the stem. An edge is halved for both
/// of its triangles, so a closed mesh stays closed.
TriangleMesh refined(const TriangleMesh& mesh, double longestMm) {
  TriangleMesh out{mesh.vertices, {}};
  std::unordered_map<std::uint64_t, std::uint32_t> middles;
  const auto length2 = [&](std::uint32_t a, std::uint32_t b) {
    return double((out.vertices[a] - out.vertices[b]).squaredNorm());
  };
  const auto middle = [&](std::uint32_t a, std::uint32_t b) {
    const auto key = (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b);
    const auto [place, isNew] = middles.try_emplace(key, static_cast<std::uint32_t>(out.vertices.size()));
    if (isNew) out.vertices.push_back(0.5F * (out.vertices[a] + out.vertices[b]));
    return place->second;
  };
  std::vector<TriangleMesh::Triangle> open = mesh.triangles;
  while (!open.empty()) {
    TriangleMesh::Triangle t = open.back();
    open.pop_back();
    // Turned so that the longest edge runs from the first to the second corner. Equal lengths are told apart
    // by the vertices, so that both triangles of an edge agree.
    const auto rank = [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(length2(a, b), std::max(a, b), std::min(a, b));
    };
    if (rank(t[1], t[2]) > rank(t[0], t[1]) && rank(t[1], t[2]) > rank(t[2], t[0]))
      t = {t[1], t[2], t[0]};
    else if (rank(t[2], t[0]) > rank(t[0], t[1]))
      t = {t[2], t[0], t[1]};
    if (length2(t[0], t[1]) <= longestMm * longestMm) {
      out.triangles.push_back(t);
      continue;
    }
    const std::uint32_t m = middle(t[0], t[1]);
    open.push_back({t[0], m, t[2]});
    open.push_back({m, t[1], t[2]});
  }
  return out;
}

/// The mesh without the triangles that lie wholly within the ball.
TriangleMesh outsideBall(const TriangleMesh& mesh, const Vec3& center, double radiusMm) {
  const auto inBall = [&](std::uint32_t v) {
    return (mesh.vertices[v].cast<double>() - center).norm() < radiusMm;
  };
  TriangleMesh rest{mesh.vertices, {}};
  std::copy_if(mesh.triangles.begin(), mesh.triangles.end(), std::back_inserter(rest.triangles),
               [&](const auto& t) { return !(inBall(t[0]) && inBall(t[1]) && inBall(t[2])); });
  return rest;
}

struct Body {
  std::string name;
  BodyMaterial material;
  double surfaceSdMm;
  bool closed;
  MeshTree tree;
  std::vector<Vec3> parts;
};

/// A fixed and a moving body that may touch. `surface` is what of the moving body counts.
struct Pair {
  const Body* fixed;
  const Body* moving;
  MeshTree surface;
  std::vector<Vec3> parts;
};

ContactKind kindOf(const Body& a, const Body& b) {
  const int bones = int(a.material == BodyMaterial::Bone) + int(b.material == BodyMaterial::Bone);
  if (bones == 0) return ContactKind::ImplantImplant;
  return bones == 1 ? ContactKind::ImplantBone : ContactKind::BoneBone;
}

Contact contactOf(const Pair& pair, const Vec3& point) {
  return {pair.fixed->name, pair.moving->name, kindOf(*pair.fixed, *pair.moving), point};
}

/// A part of one body wholly inside the other, the moving one moved by `motion`.
std::optional<Vec3> enclosed(const Pair& pair, const RigidTransform& motion) {
  if (pair.fixed->closed)
    for (const Vec3& p : pair.parts)
      if (pair.fixed->tree.contains(motion * p)) return motion * p;
  if (pair.moving->closed && pair.parts.size() == pair.moving->parts.size())
    for (const Vec3& p : pair.fixed->parts)
      if (pair.moving->tree.contains(motion.inverse() * p)) return p;
  return std::nullopt;
}

std::optional<Vec3> overlap(const Pair& pair, const RigidTransform& motion) {
  Vec3 middle = Vec3::Zero();
  if (surfacesCross(pair.fixed->tree, pair.surface, motion, &middle)) return middle;
  return enclosed(pair, motion);
}

/// World to the frame whose z is the rotation's axis through the joint's centre.
RigidTransform axisFromWorld(const Vec3& center, const Vec3& axis) {
  RigidTransform axis_from_world = RigidTransform::Identity();
  const Vec3 x = axis.unitOrthogonal();
  axis_from_world.linear() << x.transpose(), axis.cross(x).transpose(), axis.transpose();
  axis_from_world.translation() = -(axis_from_world.linear() * center);
  return axis_from_world;
}

RigidTransform turnedAbout(const Vec3& center, const Vec3& axis, double angle) {
  return Eigen::Translation3d(center) * Eigen::AngleAxisd(angle, axis) * Eigen::Translation3d(-center);
}

}  // namespace

struct MotionModel::Bodies {
  HipJoint joint;
  double frameSdDeg = 0.0;
  std::vector<Body> all;
  std::vector<Pair> pairs;
  std::vector<Notice> notices;
};

namespace {

Result<void> check(const MotionSetup& setup) {
  std::set<std::string> names;
  bool fixed = false;
  bool moving = false;
  for (const MotionBody& body : setup.bodies) {
    if (body.mesh.empty()) return badInput("The body \"" + body.name + "\" has no surface.");
    if (!names.insert(body.name).second)
      return badInput("Two bodies are named \"" + body.name + "\"; give each its own name.");
    (body.segment == BodySegment::Pelvis ? fixed : moving) = true;
  }
  if (!fixed) return badInput("No body belongs to the pelvis; there is nothing the femur could touch.");
  if (!moving) return badInput("No body moves with the femur; there is nothing to move.");
  return {};
}

bool permanent(const MotionSetup& setup, const std::string& a, const std::string& b) {
  return std::any_of(setup.permanentContacts.begin(), setup.permanentContacts.end(), [&](const auto& pair) {
    return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
  });
}

Pair pairOf(const Body& fixed, const Body& moving, const TriangleMesh& movingMesh, const MotionSetup& setup) {
  if (setup.articulationRadiusMm <= 0.0 || kindOf(fixed, moving) != ContactKind::BoneBone)
    return {&fixed, &moving, moving.tree, moving.parts};
  const TriangleMesh rest =
      outsideBall(refined(movingMesh, kLongestEdgeMm), setup.joint.center, setup.articulationRadiusMm);
  std::vector<Vec3> parts;
  std::copy_if(moving.parts.begin(), moving.parts.end(), std::back_inserter(parts),
               [&](const Vec3& p) { return (p - setup.joint.center).norm() >= setup.articulationRadiusMm; });
  return {&fixed, &moving, MeshTree(rest), std::move(parts)};
}

}  // namespace

Result<MotionModel> MotionModel::build(const MotionSetup& setup) {
  if (auto ok = check(setup); !ok) return tl::unexpected(ok.error());
  auto bodies = std::make_shared<Bodies>();
  bodies->joint = setup.joint;
  bodies->frameSdDeg = setup.frameSdDeg;
  for (const MotionBody& body : setup.bodies) {
    const bool closed = isClosed(body.mesh);
    if (!closed)
      bodies->notices.push_back({Notice::Severity::Warning,
                                 "motion.open-surface",
                                 "The surface of \"" + body.name +
                                     "\" is not closed; a body wholly inside it would not be noticed.",
                                 {}});
    bodies->all.push_back({body.name, body.material, body.surfaceSdMm, closed,
                           MeshTree(refined(body.mesh, kLongestEdgeMm)), partPoints(body.mesh)});
  }
  for (std::size_t i = 0; i < setup.bodies.size(); ++i)
    for (std::size_t j = 0; j < setup.bodies.size(); ++j) {
      if (setup.bodies[i].segment != BodySegment::Pelvis || setup.bodies[j].segment != BodySegment::Femur)
        continue;
      if (permanent(setup, setup.bodies[i].name, setup.bodies[j].name)) continue;
      bodies->pairs.push_back(pairOf(bodies->all[i], bodies->all[j], setup.bodies[j].mesh, setup));
    }
  MotionModel model;
  model.bodies_ = std::move(bodies);
  return model;
}

const HipJoint& MotionModel::joint() const {
  return bodies_->joint;
}

const std::vector<Notice>& MotionModel::notices() const {
  return bodies_->notices;
}

std::vector<Contact> MotionModel::contacts(const JointAngles& angles) const {
  const RigidTransform motion = femurMotion(bodies_->joint, angles);
  std::vector<Contact> found;
  for (const Pair& pair : bodies_->pairs)
    if (const auto point = overlap(pair, motion)) found.push_back(contactOf(pair, *point));
  return found;
}

std::optional<FirstContact> MotionModel::firstContact(const MotionPath& path) const {
  if (path.empty()) return std::nullopt;
  const HipJoint& joint = bodies_->joint;
  RigidTransform from = femurMotion(joint, path.front());
  std::vector<const Pair*> free;
  for (const Pair& pair : bodies_->pairs)
    if (!overlap(pair, from)) free.push_back(&pair);

  for (std::size_t leg = 0; leg + 1 < path.size(); ++leg) {
    const RigidTransform to = femurMotion(joint, path[leg + 1]);
    const Eigen::AngleAxisd rotation(Mat3(to.linear() * from.linear().transpose()));
    const RigidTransform axis_from_world = axisFromWorld(joint.center, rotation.axis());
    Touch touch;
    touch.angle = rotation.angle();
    const Pair* touching = nullptr;
    for (const Pair* pair : free) {
      Touch earlier;
      earlier.angle = touch.angle;
      firstTouch(pair->surface, axis_from_world * from, pair->fixed->tree, axis_from_world, earlier);
      if (!earlier.found) continue;
      touch = earlier;
      touching = pair;
    }
    if (touching != nullptr) {
      const double sdMm = std::hypot(touching->fixed->surfaceSdMm, touching->moving->surfaceSdMm);
      return FirstContact{contactOf(*touching, axis_from_world.inverse() * touch.point),
                          jointAngles(joint, turnedAbout(joint.center, rotation.axis(), touch.angle) * from),
                          static_cast<int>(leg), degFromRad(touch.angle),
                          std::hypot(degFromRad(touch.radPerMm) * sdMm, bodies_->frameSdDeg)};
    }
    from = to;
  }
  return std::nullopt;
}

}  // namespace coxa
