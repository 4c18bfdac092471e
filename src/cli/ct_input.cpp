#include "ct_input.hpp"

#include "coxa/base/files.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"

#include <cstdio>

namespace coxa::cli {

namespace fs = std::filesystem;

namespace {

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::map<std::string, std::string> factsOf(const AcquisitionFacts& from) {
  std::map<std::string, std::string> facts = {{"Manufacturer", from.manufacturer},
                                              {"ManufacturerModelName", from.model},
                                              {"ConvolutionKernel", from.kernel},
                                              {"PatientPosition", from.patientPosition},
                                              {"PatientSex", from.sex},
                                              {"TransferSyntaxUID", from.transferSyntaxUid}};
  if (from.tubeVoltageKv) facts["KVP"] = decimal(*from.tubeVoltageKv);
  if (from.sliceThicknessMm) facts["SliceThickness"] = decimal(*from.sliceThicknessMm);
  if (from.ageYears) facts["PatientAgeYears"] = decimal(*from.ageYears);
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

Notice chosenSeries(const SeriesChoice& choice) {
  std::string message = choice.reason;
  for (const auto& series : choice.others) message += "\n  not taken: " + summary(series);
  return {Notice::Severity::Info, "dicom.series", message, {}};
}

Result<CtInput> readDicom(const fs::path& input, const std::optional<std::string>& series, const Job& job) {
  auto index = scanFolder(input, job.part(0.0, 0.3));
  if (!index) return tl::unexpected(index.error());
  auto choice = chooseCtSeries(*index, series);
  if (!choice) return tl::unexpected(choice.error());
  auto ct = readCt(choice->series, job.part(0.3, 1.0));
  if (!ct) return tl::unexpected(ct.error());
  CtInput read{std::move(ct->volume), {factsOf(ct->facts), std::move(index->notices)}, choice->pseudonym};
  read.record.notices.push_back(chosenSeries(*choice));
  read.record.notices.insert(read.record.notices.end(), ct->notices.begin(), ct->notices.end());
  return read;
}

Result<CtInput> readFromCase(const fs::path& input) {
  const auto source = Case::open(input);
  if (!source) return tl::unexpected(source.error());
  auto volume = readCt(*source);
  if (!volume) return tl::unexpected(volume.error());
  auto record = readImportRecord(*source);
  if (!record) return tl::unexpected(record.error());
  return CtInput{std::move(*volume), std::move(*record), source->pseudonym()};
}

}  // namespace

bool isCase(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / "case.json", error);
}

bool isVolumeFile(const fs::path& path) {
  const std::string file = path.filename().string();
  for (const char* ending : {".nrrd", ".nhdr", ".nii", ".nii.gz", ".mha", ".mhd"})
    if (file.ends_with(ending)) return true;
  return false;
}

Result<CtInput> readCtInput(const fs::path& input, const std::optional<std::string>& series, const Job& job) {
  std::error_code error;
  if (isCase(input)) return readFromCase(input);
  if (fs::is_directory(input, error)) return readDicom(input, series, job);
  if (!isVolumeFile(input)) return readDicom(input, series, job);
  auto volume = readVolume(input);
  if (!volume) return tl::unexpected(volume.error());
  // A file's name may hold a patient's; its content's checksum does not.
  const auto checksum = sha256OfFile(input);
  if (!checksum) return tl::unexpected(checksum.error());
  return CtInput{std::move(*volume), {}, "F-" + checksum->substr(0, 6)};
}

}  // namespace coxa::cli
