#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/measured.hpp"
#include "coxa/implants/catalogue.hpp"
#include "coxa/implants/component_meshes.hpp"
#include "coxa/implants/posed.hpp"
#include "coxa/metal/metal_mask.hpp"

#include <optional>
#include <vector>

namespace coxa {

/// Poses and points in world LPS mm. `residualMm`: robust root mean square distance of the metal's surface
/// from the component's; every point counts at most 1 mm. A `product` is there when one of the catalogue's
/// fits, `own` when one of the user's meshes fits better. Standard deviations: of the fit, not of landmarks.
struct FoundCup {
  std::optional<Cup> product;
  std::optional<CupMesh> own;
  Measured outerDiameterMm;                                    ///< as seen, whatever the product
  double innerDiameterMm = 0.0;                                ///< of the shell's inside
  RigidTransform world_from_cup = RigidTransform::Identity();  ///< cup frame of implants/meshes.hpp
  Mat3 centerCovariance = Mat3::Zero();                        ///< mm²
  Mat3 turnCovariance = Mat3::Zero();                          ///< rad²
  double residualMm = 0.0;
  bool hidden = false;  ///< streaks hide which product it is: none is named

  Vec3 center() const { return world_from_cup.translation(); }
  Vec3 axis() const { return world_from_cup.linear().col(2); }  ///< opening axis, unit, out of the cup
};

struct FoundHead {
  std::optional<Head> product;  ///< its neck length only where the stem is known too
  std::optional<HeadMesh> own;
  Measured diameterMm;
  Vec3 center = Vec3::Zero();
  Mat3 centerCovariance = Mat3::Zero();
  double residualMm = 0.0;
};

struct FoundStem {
  std::optional<Stem> product;
  std::optional<StemMesh> own;
  RigidTransform world_from_stem =
      RigidTransform::Identity();  ///< stem frame; where neither is there, the origin
                                   ///< is on the axis beside the head's centre
  Mat3 turnCovariance = Mat3::Zero();
  double residualMm = 0.0;
  bool tipInScan = true;

  /// Body and neck in the stem's frame; nothing where neither is there.
  std::vector<TriangleMesh> parts() const;
  Vec3 axis() const { return world_from_stem.linear().col(2); }  ///< proximal
  Vec3 medial() const {
    return world_from_stem.linear().col(0);
  }  ///< towards the neck, perpendicular to axis
};

/// What was found in one hip. Without a cup: hemiarthroplasty or a polyethylene cup.
struct FoundHip {
  Side side = Side::Right;
  std::optional<FoundCup> cup;
  std::optional<FoundHead> head;
  std::optional<FoundStem> stem;
  std::optional<Liner> liner;  ///< of the catalogue, that joins cup and head: itself it is not seen
  double screwsMl = 0.0;       ///< metal behind the shell
  std::vector<Notice> notices;

  /// Metal behind the shell.
  bool isScrew(const Vec3& metalPoint) const;
  /// Surfaces of the metal in the world: what fits, a hemispherical shell for an unknown cup, nothing for an
  /// unknown stem.
  std::vector<TriangleMesh> surfaces() const;
  /// The hip as the planner writes it; nothing unless every component is one of the catalogue.
  std::optional<PosedHip> posed() const;
};

struct FoundImplants {
  MetalFindings metal;
  std::vector<FoundHip> hips;   ///< right before left
  std::vector<Notice> notices;  ///< those of the metal and of the search, not those of the hips
};

struct ImplantSearch {
  MetalOptions metal;
  ComponentMeshes own;  ///< the user's components, tried beside the catalogue's
};

/// Finds total hip replacements in a CT and recognises their parts (method and limits: docs/implants.md). An
/// empty `catalogue` gives best-fit hemispheres, spheres and axes. Scans without hip implants give no hips
/// and notices that say what the metal is. Notices: those of findMetal, implants.not-a-hip,
/// implants.unknown-cup, implants.cup-unsure, implants.unknown-stem, implants.no-shell, implants.no-stem,
/// implants.tip-not-in-scan, implants.side-unsure, implants.other-metal. Errors as findMetal; Cancelled.
Result<FoundImplants> findImplants(const Volume& ct, const Catalogue& catalogue, const ImplantSearch& search,
                                   const Job& job);

/// The same in metal that was found before; `search.metal` is not used. What is as bright but no implant's
/// metal there (streaks that were told from it, markers) counts as tissue. Error Cancelled.
Result<FoundImplants> findImplants(const Volume& ct, MetalFindings metal, const Catalogue& catalogue,
                                   const ImplantSearch& search, const Job& job);

/// Values of the map of implants, right side; 10 more on the left.
enum class ImplantLabel : std::uint8_t { Cup = 1, Liner = 2, Head = 3, Stem = 4, Screws = 5 };
constexpr std::uint8_t kLeftImplantLabels = 10;

/// The implants on the scan's grid: the fitted components, and metal behind a shell as screws. Metal of a
/// stem without product is marked as it shows.
LabelMap implantLabels(const FoundImplants& found);

}  // namespace coxa
