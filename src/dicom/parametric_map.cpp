#include "coxa/dicom/parametric_map.hpp"

#include "derived_object.hpp"
#include "uids.hpp"

#include <dcmtk/dcmfg/fgframeanatomy.h>
#include <dcmtk/dcmfg/fgparametricmapframetype.h>
#include <dcmtk/dcmfg/fgpixeltransform.h>
#include <dcmtk/dcmfg/fgrealworldvaluemapping.h>
#include <dcmtk/dcmpmap/dpmparametricmapiod.h>

#include <algorithm>

namespace coxa {

namespace {

constexpr const char* kFrameType = "DERIVED\\PRIMARY\\VOLUME\\QUANTITY";

FGRealWorldValueMapping valueMapping(const ScalarImage& image, const ParametricQuantity& quantity) {
  const auto [least, most] = std::minmax_element(image.voxels.begin(), image.voxels.end());
  auto* item = new FGRealWorldValueMapping::RWVMItem();  // owned by the mapping
  item->setRealWorldValueSlope(1.0);
  item->setRealWorldValueIntercept(0.0);
  item->setDoubleFloatRealWorldValueFirstValueMapped(static_cast<Float64>(*least));
  item->setDoubleFloatRealWorldValueLastValueMapped(static_cast<Float64>(*most));
  item->getMeasurementUnitsCode() = codeOf(quantity.unit);
  item->setLUTExplanation(quantity.explanation.c_str());
  item->setLUTLabel(quantity.label.c_str());
  FGRealWorldValueMapping mapping;
  mapping.getRealWorldValueMapping().push_back(item);
  return mapping;
}

OFCondition addShared(DPMParametricMapIOD& object, const ScalarImage& image,
                      const ParametricQuantity& quantity) {
  FGParametricMapFrameType frameType;
  frameType.setFrameType(kFrameType);
  FGPixelValueTransformation identity;
  identity.setUseAsIdentityPixelValueTransformation();
  identity.setRescaleIntercept("0");
  identity.setRescaleSlope("1");
  identity.setRescaleType("US");
  FGFrameAnatomy anatomy;
  anatomy.setLaterality(FGFrameAnatomy::LATERALITY_UNPAIRED);
  anatomy.getAnatomy().getAnatomicRegion() = CodeSequenceMacro("12921003", "SCT", "Pelvis");
  for (const FGBase* group : std::initializer_list<const FGBase*>{&frameType, &identity, &anatomy})
    if (const OFCondition added = object.addForAllFrames(*group); added.bad()) return added;
  if (const OFCondition added = object.addForAllFrames(pixelMeasures(image.grid)); added.bad()) return added;
  if (const OFCondition added = object.addForAllFrames(planeOrientation(image.grid)); added.bad())
    return added;
  return object.addForAllFrames(valueMapping(image, quantity));
}

OFCondition addFrame(DPMParametricMapIOD::Frames<Float32>& frames, const ScalarImage& image, int k,
                     std::vector<Float32>& pixels) {
  std::copy_n(image.slice(k), pixels.size(), pixels.begin());
  FGPlanePosPatient position = planePosition(image.grid, k);
  FGFrameContent content;
  content.setStackID("1");
  content.setInStackPositionNumber(static_cast<Uint32>(k + 1));
  content.setDimensionIndexValues(static_cast<Uint32>(k + 1), 0);
  OFVector<FGBase*> groups;
  groups.push_back(&position);
  groups.push_back(&content);
  return frames.addFrame(pixels.data(), pixels.size(), groups);
}

Error notMade(const OFCondition& why) {
  return {ErrorCode::Internal, "The DICOM Parametric Map could not be made. Please report this.", why.text()};
}

}  // namespace

Result<void> writeParametricMap(const std::filesystem::path& file, const ScalarImage& image,
                                const ParametricQuantity& quantity, const DerivedObjectInfo& info,
                                const Job& job) {
  if (auto ready = dcm::prepare(); !ready) return ready;
  if (image.empty()) return fail(ErrorCode::Usage, "An image without voxels cannot be written as DICOM.");
  const auto sources = sourceFiles(info);
  if (!sources) return tl::unexpected(sources.error());
  const Eigen::Vector3i size = image.grid.size;
  auto made = DPMParametricMapIOD::create<IODFloatingPointImagePixelModule>(
      "OT", std::to_string(info.seriesNumber).c_str(), "1", static_cast<Uint16>(size.y()),
      static_cast<Uint16>(size.x()), {"Coxa", "coxa-cli", "0", info.version.c_str()},
      contentIdentification("UNCERTAINTY", info.description), "VOLUME", "QUANTITY", DPMTypes::CQ_RESEARCH);
  if (const auto* why = OFget<OFCondition>(&made)) return tl::unexpected(notMade(*why));
  DPMParametricMapIOD& object = *OFget<DPMParametricMapIOD>(&made);
  object.getIODMultiframeDimensionModule().addDimensionIndex(
      DCM_ImagePositionPatient, uidFor(0, "dimensions: position").c_str(), DCM_PlanePositionSequence,
      "ImagePositionPatient");
  OFCondition done = addShared(object, image, quantity);
  if (done.good()) done = placeInHierarchy(object, info, *sources);
  auto framesOfAnyType = object.getFrames();
  auto& frames = *OFget<DPMParametricMapIOD::Frames<Float32>>(&framesOfAnyType);
  std::vector<Float32> pixels(static_cast<std::size_t>(size.x()) * static_cast<std::size_t>(size.y()));
  for (int k = 0; k < size.z() && done.good(); ++k) {
    if (job.cancelled()) return cancelled();
    job.report(0.6 * k / size.z(), "Writing the uncertainty");
    done = addFrame(frames, image, k, pixels);
  }
  DcmFileFormat format;
  if (done.good()) done = object.write(*format.getDataset());
  if (done.bad()) return tl::unexpected(notMade(done));
  const std::string content(reinterpret_cast<const char*>(image.voxels.data()),
                            image.voxels.size() * sizeof(float));
  return saveDerived(file, format, info, *sources, content);
}

}  // namespace coxa
