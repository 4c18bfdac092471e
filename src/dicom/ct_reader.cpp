#include "coxa/dicom/ct_reader.hpp"

#include "dcmtk_support.hpp"
#include "deshear.hpp"
#include "pixels.hpp"
#include "stack.hpp"
#include "text.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

namespace coxa {
namespace {

namespace fs = std::filesystem;

using OpenFile = std::unique_ptr<DcmFileFormat>;

/// The series' files with their headers read. A classic slice keeps its file open for the pixels; the frames
/// of a multi-frame file are decoded by several threads, each of which opens it for itself.
struct OpenSeries {
  std::map<fs::path, OpenFile> files;
  std::vector<Frame> frames;
  AcquisitionFacts facts;
};

/// The first error of a parallel loop, the same whichever thread was faster: the one with the least index.
class FirstError {
 public:
  void set(std::size_t index, Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_ || index < index_) {
      index_ = index;
      error_ = std::move(error);
    }
  }
  Result<void> result() const {
    if (error_) return tl::unexpected(*error_);
    return {};
  }

 private:
  std::mutex mutex_;
  std::size_t index_ = 0;
  std::optional<Error> error_;
};

std::optional<double> yearsFrom(const std::string& age) {
  if (age.size() < 4) return std::nullopt;
  const double number = std::atof(age.substr(0, 3).c_str());
  switch (age[3]) {
    case 'Y':
      return number;
    case 'M':
      return number / 12.0;
    case 'W':
      return number / 52.18;
    case 'D':
      return number / 365.25;
    default:
      return std::nullopt;
  }
}

AcquisitionFacts factsOf(DcmDataset& data, const std::vector<Frame>& frames) {
  AcquisitionFacts facts;
  facts.tubeVoltageKv = dcm::number(data, DCM_KVP);
  facts.sliceThicknessMm = dcm::number(data, DCM_SliceThickness);
  facts.kernel = dcm::text(data, DCM_ConvolutionKernel);
  facts.manufacturer = dcm::text(data, DCM_Manufacturer);
  facts.model = dcm::text(data, DCM_ManufacturerModelName);
  facts.patientPosition = dcm::text(data, DCM_PatientPosition);
  facts.sex = dcm::text(data, DCM_PatientSex);
  facts.ageYears = yearsFrom(dcm::text(data, DCM_PatientAge));
  facts.transferSyntaxUid = transferSyntaxUidOf(data);
  facts.lossyCompressed =
      std::any_of(frames.begin(), frames.end(), [](const Frame& frame) { return frame.lossy; });
  return facts;
}

Result<OpenSeries> openSeries(const SeriesInfo& series, const Job& job) {
  const std::size_t count = series.files.size();
  std::vector<OpenFile> files(count);
  std::vector<std::vector<Frame>> frames(count);
  FirstError error;
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
    if (job.cancelled()) return;
    auto file = dcm::open(series.files[i]);
    if (!file) return error.set(i, file.error());
    auto found = framesOf(*(*file)->getDataset(), series.files[i]);
    if (!found) return error.set(i, found.error());
    files[i] = std::move(*file);
    frames[i] = std::move(*found);
  });
  if (job.cancelled()) return cancelled();
  if (auto fine = error.result(); !fine) return tl::unexpected(fine.error());
  OpenSeries open;
  for (std::size_t i = 0; i < count; ++i) {
    open.files.emplace(series.files[i], std::move(files[i]));
    open.frames.insert(open.frames.end(), frames[i].begin(), frames[i].end());
  }
  open.facts = factsOf(*open.files.begin()->second->getDataset(), open.frames);
  return open;
}

/// Reads frames one after another on one thread; a multi-frame file is opened again once.
class FrameSource {
 public:
  explicit FrameSource(const OpenSeries& series) : series_(series) {}

  Result<std::size_t> read(const Frame& frame, std::span<std::int16_t> hu) {
    if (frame.count == 1) return readHu(*series_.files.at(frame.file)->getDataset(), frame, hu);
    if (frame.file != path_) {
      auto file = dcm::open(frame.file);
      if (!file) return tl::unexpected(file.error());
      own_ = std::move(*file);
      path_ = frame.file;
    }
    return readHu(*own_->getDataset(), frame, hu);
  }

 private:
  const OpenSeries& series_;
  fs::path path_;
  OpenFile own_;
};

/// Drops slices that are there twice with the same values; twice with different ones is an error.
Result<void> dropDoubles(const OpenSeries& series, SliceRow& row) {
  const auto doubled = doubledSlices(row);
  if (doubled.empty()) return {};
  const std::size_t pixels = row.frames.front().pixels.pixelCount();
  std::vector<fs::path> files;
  std::vector<std::string> places;
  FrameSource source(series);
  std::vector<std::int16_t> first(pixels);
  std::vector<std::int16_t> second(pixels);
  for (const std::size_t i : doubled) {
    for (auto [index, values] : {std::pair{i, &first}, std::pair{i + 1, &second}})
      if (auto read = source.read(row.frames[index], *values); !read) return tl::unexpected(read.error());
    if (first != second)
      return badInput(
          frameName(row.frames[i]) + " and " + frameName(row.frames[i + 1]) + " lie at the same place (" +
              positionText(row, row.positionsMm[i]) +
              ") with different contents: the series mixes acquisitions or reconstructions. Export each "
              "as a series of its own.",
          "dicom.doubled-slices");
    places.push_back(frameName(row.frames[i + 1]) + " at " + positionText(row, row.positionsMm[i]));
    files.push_back(row.frames[i + 1].file);
  }
  for (auto i = doubled.rbegin(); i != doubled.rend(); ++i) {
    row.frames.erase(row.frames.begin() + static_cast<std::ptrdiff_t>(*i + 1));
    row.positionsMm.erase(row.positionsMm.begin() + static_cast<std::ptrdiff_t>(*i + 1));
  }
  row.notices.push_back({Notice::Severity::Warning, "dicom.doubled-slices",
                         std::to_string(places.size()) +
                             " slices are there twice with the same values, used once: " + listed(places) +
                             ".",
                         files});
  return {};
}

/// A volume in large memory pages where the system has them: with small ones, half the time of loading
/// uncompressed slices goes into page faults.
Volume emptyVolume(const Grid& grid) {
  Volume volume;
  volume.grid = grid;
  volume.voxels.reserve(grid.voxelCount());
  constexpr std::uintptr_t kPage = std::uintptr_t{2} << 20U;
  const auto begin = reinterpret_cast<std::uintptr_t>(volume.voxels.data());
  const std::uintptr_t first = (begin + kPage - 1) / kPage * kPage;
  const std::uintptr_t last = (begin + grid.voxelCount() * sizeof(std::int16_t)) / kPage * kPage;
  if (first < last)
    ::madvise(reinterpret_cast<char*>(volume.voxels.data()) + (first - begin), last - first,
              MADV_HUGEPAGE);  // only a wish
  volume.voxels.resize(grid.voxelCount());
  return volume;
}

/// Frames that are slices of the volume themselves are decoded into it; the others into `extra`.
struct Decoded {
  std::vector<std::int16_t*> frames;
  std::vector<std::vector<std::int16_t>> extra;
};

Decoded placesFor(const SliceRow& row, const StackPlan& plan, Volume& volume) {
  Decoded decoded;
  decoded.frames.assign(row.frames.size(), nullptr);
  decoded.extra.resize(row.frames.size());
  for (std::size_t k = 0; k < plan.sources.size(); ++k)
    if (plan.sources[k].weightAbove == 0.0)
      decoded.frames[plan.sources[k].below] = volume.slice(static_cast<int>(k));
  for (std::size_t i = 0; i < row.frames.size(); ++i)
    if (!decoded.frames[i]) {
      decoded.extra[i].resize(row.frames[i].pixels.pixelCount());
      decoded.frames[i] = decoded.extra[i].data();
    }
  return decoded;
}

void blend(const std::int16_t* below, const std::int16_t* above, double weightAbove, std::int16_t* out,
           std::size_t count) {
  const auto weight = static_cast<float>(weightAbove);
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<std::int16_t>(
        std::nearbyintf(static_cast<float>(below[i]) + weight * static_cast<float>(above[i] - below[i])));
}

/// Decodes every frame and fills the slices between. Returns the clamped values per frame.
Result<std::vector<std::size_t>> fill(const OpenSeries& series, const SliceRow& row, const StackPlan& plan,
                                      Volume& volume, const Job& job) {
  const Decoded decoded = placesFor(row, plan, volume);
  const std::size_t pixels = row.frames.front().pixels.pixelCount();
  std::vector<std::size_t> clamped(row.frames.size(), 0);
  std::atomic<std::size_t> done = 0;
  FirstError error;
  constexpr std::size_t kFramesPerTask = 8;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, row.frames.size(), kFramesPerTask),
                    [&](const auto& range) {
                      FrameSource source(series);
                      for (std::size_t i = range.begin(); i < range.end(); ++i) {
                        if (job.cancelled()) return;
                        const auto read = source.read(row.frames[i], {decoded.frames[i], pixels});
                        if (!read) return error.set(i, read.error());
                        clamped[i] = *read;
                        job.report(static_cast<double>(++done) / static_cast<double>(row.frames.size()),
                                   "Reading CT slices");
                      }
                    });
  if (job.cancelled()) return cancelled();
  if (auto fine = error.result(); !fine) return tl::unexpected(fine.error());
  tbb::parallel_for(std::size_t{0}, plan.sources.size(), [&](std::size_t k) {
    const SliceSource& source = plan.sources[k];
    if (source.weightAbove > 0.0)
      blend(decoded.frames[source.below], decoded.frames[source.above], source.weightAbove,
            volume.slice(static_cast<int>(k)), pixels);
  });
  return clamped;
}

void tellClamped(const SliceRow& row, const std::vector<std::size_t>& clamped, std::vector<Notice>& notices) {
  std::size_t values = 0;
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < clamped.size(); ++i) {
    values += clamped[i];
    if (clamped[i] > 0 && (files.empty() || files.back() != row.frames[i].file))
      files.push_back(row.frames[i].file);
  }
  if (values > 0)
    notices.push_back({Notice::Severity::Warning, "dicom.clamped",
                       std::to_string(values) +
                           " values lie outside -32768 to 32767 HU and were clamped, in " + listed(files) +
                           ".",
                       files});
}

void tellAboutValues(const SliceRow& row, std::vector<Notice>& notices) {
  std::vector<fs::path> without;
  std::vector<fs::path> otherUnit;
  bool mixed = false;
  for (const Frame& frame : row.frames) {
    if (!frame.slope || !frame.intercept) without.push_back(frame.file);
    if (!frame.rescaleType.empty() && frame.rescaleType != "HU" && frame.rescaleType != "HU_MOD")
      otherUnit.push_back(frame.file);
    mixed =
        mixed || frame.slope != row.frames.front().slope || frame.intercept != row.frames.front().intercept;
  }
  if (!without.empty())
    notices.push_back(
        {Notice::Severity::Warning, "dicom.no-rescale",
         "The values of " + listed(without) +
             " carry no rescale slope and intercept; they were taken as HU. Check that air is near -1000.",
         without});
  if (!otherUnit.empty())
    notices.push_back({Notice::Severity::Warning, "dicom.not-hu",
                       "The values of " + listed(otherUnit) +
                           " are not declared as Hounsfield units; densities must not be trusted.",
                       otherUnit});
  if (mixed)
    notices.push_back({Notice::Severity::Info,
                       "dicom.mixed-rescale",
                       "The slices carry different rescale values; each was converted by its own.",
                       {}});
}

void tellLossy(const AcquisitionFacts& facts, std::vector<Notice>& notices) {
  if (facts.lossyCompressed)
    notices.push_back({Notice::Severity::Warning,
                       "dicom.lossy",
                       "The images were compressed with loss at some time; HU and edges are not exact.",
                       {}});
}

}  // namespace

Result<CtImage> readCt(const SeriesInfo& series, const Job& job) {
  if (series.files.empty()) return fail(ErrorCode::Usage, "The series has no files.");
  auto open = openSeries(series, job.part(0.0, 0.2));
  if (!open) return tl::unexpected(open.error());
  auto row = parallelSlices(std::move(open->frames));
  if (!row) return tl::unexpected(row.error());
  if (auto fine = dropDoubles(*open, *row); !fine) return tl::unexpected(fine.error());
  const auto plan = planStack(*row);
  if (!plan) return tl::unexpected(plan.error());

  CtImage ct;
  ct.volume = emptyVolume(plan->grid);
  const auto clamped = fill(*open, *row, *plan, ct.volume, job.part(0.2, 1.0));
  if (!clamped) return tl::unexpected(clamped.error());
  if (!plan->driftPixels.isZero()) ct.volume = withoutTilt(ct.volume, plan->driftPixels);

  ct.facts = open->facts;
  ct.notices = row->notices;
  ct.notices.insert(ct.notices.end(), plan->notices.begin(), plan->notices.end());
  tellAboutValues(*row, ct.notices);
  tellClamped(*row, *clamped, ct.notices);
  tellLossy(ct.facts, ct.notices);
  return ct;
}

}  // namespace coxa
