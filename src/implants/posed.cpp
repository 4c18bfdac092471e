#include "coxa/implants/posed.hpp"

namespace coxa {

std::vector<NamedMesh> pelvicComponents(const PosedHip& hip) {
  return {{"cup", transformed(cupMesh(hip.cup), hip.world_from_cup)},
          {"liner", transformed(linerMesh(hip.liner), hip.world_from_cup)}};
}

std::vector<NamedMesh> femoralComponents(const PosedHip& hip) {
  RigidTransform world_from_head = hip.world_from_stem;
  world_from_head.translation() = hip.headCenter();
  return {{"head", transformed(headMesh(hip.head), world_from_head)},
          {"stem_neck", transformed(stemNeckMesh(hip.stem, hip.head), hip.world_from_stem)},
          {"stem_body", transformed(stemBodyMesh(hip.stem), hip.world_from_stem)}};
}

}  // namespace coxa
