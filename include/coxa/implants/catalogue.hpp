#pragma once

#include "coxa/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace coxa {

/// One cup (acetabular shell) of one size: a hemispherical shell.
struct Cup {
  std::string id;    ///< "coxa-press-fit-cup-52"
  std::string name;  ///< "Coxa Generic Press-fit Cup 52 mm"
  double outerDiameterMm = 0.0;
  double wallMm = 0.0;  ///< of the metal shell
  double innerDiameterMm() const { return outerDiameterMm - 2.0 * wallMm; }
};

/// One polyethylene liner: its opening plane runs through the head centre, so that a neck of diameter n in a
/// head of diameter D swings 2·acos(n/D).
struct Liner {
  std::string id;  ///< "coxa-neutral-liner-46-32": outer diameter and head diameter
  std::string name;
  double outerDiameterMm = 0.0;  ///< equals the inner diameter of the cup it belongs into
  double headDiameterMm = 0.0;
  double thicknessMm() const { return 0.5 * (outerDiameterMm - headDiameterMm); }
};

/// One femoral head on its taper.
struct Head {
  std::string id;  ///< "coxa-head-32+3.5"
  std::string name;
  double diameterMm = 0.0;
  double neckLengthMm = 0.0;  ///< along the neck, against the reference head: -3.5, 0, +3.5, +7
};

enum class StemOffset { Standard, High };
const char* name(StemOffset offset);  ///< "standard", "high"

/// One straight tapered stem, symmetric in front and behind, so that it serves both sides. The frame and what
/// the numbers mean in it: coxa/implants/meshes.hpp.
struct Stem {
  std::string id;  ///< "coxa-tapered-stem-5-high"
  std::string name;
  std::string family;  ///< sizes and offsets of one family share a geometry
  int size = 0;
  StemOffset offset = StemOffset::Standard;
  std::string taper;               ///< of the trunnion, "12/14"
  double neckDiameterMm = 0.0;     ///< of the neck where it can strike the liner
  double neckShaftAngleDeg = 0.0;  ///< between the neck axis and the distal stem axis
  double neckLengthMm = 0.0;       ///< from the neck's base to the centre of a head with neck length 0
  double neckBaseMm = 0.0;  ///< the neck's base, medial of the stem axis, at the proximal end of the body
  double lengthMm = 0.0;    ///< of the body, from its proximal end to the tip
  double proximalMedialMm = 0.0;   ///< extent of the body's proximal end, medial of the stem axis
  double proximalLateralMm = 0.0;  ///< the same, lateral
  double proximalDepthMm = 0.0;    ///< front to back
  double distalDiameterMm = 0.0;   ///< of the round distal end
  double flareMm = 0.0;            ///< below the proximal end the flare halves every `flareMm`
};

/// Everything the planner may choose from. Sizes ascend.
struct Catalogue {
  std::vector<Cup> cups;
  std::vector<Liner> liners;
  std::vector<Head> heads;
  std::vector<Stem> stems;

  const Cup* cup(std::string_view id) const;
  const Liner* liner(std::string_view id) const;
  const Head* head(std::string_view id) const;
  const Stem* stem(std::string_view id) const;
};

/// Reads every *.json in a folder, each one product family (docs/implants.md). Errors BadInput: a missing or
/// wrong field; the message names the file, the field and what it should be.
Result<Catalogue> loadCatalogue(const std::filesystem::path& folder);
Result<Catalogue> loadDefaultCatalogue();  ///< resources/implants

/// The liner that joins a cup and a head diameter; nothing when polyethylene would be too thin.
const Liner* linerFor(const Catalogue& catalogue, const Cup& cup, double headDiameterMm);
/// Head diameters that some liner of this cup takes, ascending.
std::vector<double> headDiametersFor(const Catalogue& catalogue, const Cup& cup);
/// The head of that diameter whose neck length is nearest.
const Head* headFor(const Catalogue& catalogue, double diameterMm, double neckLengthMm);
/// The cup whose outer diameter is nearest.
const Cup* nearestCup(const Catalogue& catalogue, double outerDiameterMm);
/// The stem of that family, size and offset.
const Stem* stemFor(const Catalogue& catalogue, std::string_view family, int size, StemOffset offset);

}  // namespace coxa
