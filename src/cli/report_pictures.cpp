#include "report_pictures.hpp"

#include "coxa/planning/motion_setup.hpp"
#include "coxa/report/scene_picture.hpp"
#include "coxa/report/slice_picture.hpp"

namespace coxa::cli {

namespace {

constexpr Rgb kCupColour{255, 176, 0};
constexpr Rgb kStemColour{64, 200, 255};
constexpr Rgb kBoneColour{232, 220, 192};

ReportPicture slice(const Volume& ct, const LabelMap& labels, const std::map<std::uint8_t, Rgb>& colours,
                    const std::vector<SliceOutline>& outlines, BodyPlane plane, const Vec3& center,
                    const char* caption) {
  SlicePictureView view;
  view.plane = plane;
  view.center = center;
  return {slicePicture(ct, labels, colours, outlines, view), caption};
}

}  // namespace

std::vector<ReportPicture> planPictures(const Volume& ct, const LabelMap& labels, const StructureTable& table,
                                        const PlanningInput& bones, const PosedHip& hip) {
  std::map<std::uint8_t, Rgb> colours;
  for (const auto& structure : table.all()) colours[structure.value] = structure.rgb;
  const auto pelvic = pelvicComponents(hip);
  const auto femoral = femoralComponents(hip);
  std::vector<SliceOutline> outlines;
  outlines.reserve(pelvic.size() + femoral.size());
  for (const auto& part : pelvic) outlines.push_back({&part.mesh, kCupColour});
  for (const auto& part : femoral) outlines.push_back({&part.mesh, kStemColour});

  std::vector<ReportPicture> pictures;
  const Vec3 center = hip.cupCenter();
  pictures.push_back(
      slice(ct, labels, colours, outlines, BodyPlane::Coronal, center,
            "Coronal slice through the cup's centre; cup and liner orange, stem and head blue"));
  pictures.push_back(slice(ct, labels, colours, outlines, BodyPlane::Axial, center,
                           "Axial slice through the cup's centre, seen from the feet"));
  pictures.push_back(slice(ct, labels, colours, outlines, BodyPlane::Coronal,
                           hip.world_from_stem * Vec3(0, 0, -60), "Coronal slice through the stem"));

  const RigidTransform reduced_from_scan(Eigen::Translation3d(hip.reduction()));
  const TriangleMesh femur = transformed(resectedFemur(bones.femur, hip), reduced_from_scan);
  std::vector<TriangleMesh> stemParts;
  stemParts.reserve(femoral.size());
  for (const auto& part : femoral) stemParts.push_back(transformed(part.mesh, reduced_from_scan));
  std::vector<SceneSurface> surfaces = {{&bones.hipBone, kBoneColour, 0.55}, {&femur, kBoneColour, 0.4}};
  for (const auto& part : pelvic) surfaces.push_back({&part.mesh, kCupColour, 1.0});
  for (const auto& part : stemParts) surfaces.push_back({&part, kStemColour, 1.0});
  ScenePictureView front;
  pictures.push_back({scenePicture(surfaces, front), "The planned hip from the front"});
  ScenePictureView side;
  side.toward = -lateral(hip.side);
  pictures.push_back({scenePicture(surfaces, side), "The planned hip from its side"});
  return pictures;
}

}  // namespace coxa::cli
