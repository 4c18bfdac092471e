#include "review_session.hpp"

#include "case_session.hpp"
#include "correction_session.hpp"

#include <QDateTime>
#include <algorithm>

namespace coxa {
namespace {

std::string nowUtc() {
  return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
}

const StructureReview* find(const std::vector<StructureReview>& reviews, std::uint8_t value) {
  const auto it =
      std::find_if(reviews.begin(), reviews.end(), [value](const auto& each) { return each.value == value; });
  return it == reviews.end() ? nullptr : &*it;
}

std::string outlineOf(const std::map<std::uint8_t, std::string>& outlines, std::uint8_t value) {
  const auto it = outlines.find(value);
  return it == outlines.end() ? std::string() : it->second;
}

}  // namespace

ReviewSession::ReviewSession(CaseSession* session, CorrectionSession* correction, QObject* parent)
    : QObject(parent), session_(session), correction_(correction) {
  connect(correction, &CorrectionSession::readyChanged, this, [this] {
    if (correction_->isReady())
      begin();
    else
      reset();
  });
  connect(correction, &CorrectionSession::saved, this, &ReviewSession::takeCorrection);
}

void ReviewSession::reset() {
  ++generation_;
  searching_.clear();
  reviews_.clear();
  entries_.clear();
  places_.clear();
  place_ = -1;
  current_ = 0;
  Q_EMIT entriesChanged();
  Q_EMIT currentChanged();
  Q_EMIT placesChanged();
}

void ReviewSession::begin() {
  runInBackground(
      this, [source = session_->source()] { return readReview(source); },
      [this, generation = generation_](Result<std::vector<StructureReview>> read) {
        if (generation != generation_) return;
        if (!read) Q_EMIT failed(read.error());
        reviews_ = read.value_or(std::vector<StructureReview>());
        rank();
        if (!entries_.empty()) setCurrent(entries_.front().value);
      });
}

/// Lists the structures anew: after reading, a decision or a saved correction.
void ReviewSession::rank() {
  entries_.clear();
  const auto& outlines = correction_->savedOutlines();
  for (const Structure& structure : session_->table().all()) {
    ReviewEntry entry;
    entry.value = structure.value;
    entry.name = QString::fromStdString(structure.english);
    for (const StructureSummary& summary : session_->segmentation()->summary.structures)
      if (summary.value == structure.value) {
        entry.found = true;
        entry.uncertainty = summary.uncertainty;
        entry.expectedDice = summary.expectedDice;
        entry.doubtful = summary.doubtful;
      }
    if (const StructureReview* review = find(reviews_, structure.value)) {
      entry.state = review->state;
      entry.timeUtc = QString::fromStdString(review->timeUtc);
      entry.outdated = entry.state != ReviewState::NotReviewed &&
                       review->outlineSha256 != outlineOf(outlines, structure.value);
    }
    entries_.push_back(entry);
  }
  std::stable_sort(entries_.begin(), entries_.end(), [](const ReviewEntry& a, const ReviewEntry& b) {
    return a.found != b.found ? a.found : a.uncertainty > b.uncertainty;
  });
  Q_EMIT entriesChanged();
}

const ReviewEntry* ReviewSession::entry(std::uint8_t value) const {
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [value](const auto& each) { return each.value == value; });
  return it == entries_.end() ? nullptr : &*it;
}

int ReviewSession::reviewedCount() const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [](const ReviewEntry& entry) {
    return entry.found && !entry.outdated &&
           (entry.state == ReviewState::Accepted || entry.state == ReviewState::Corrected);
  }));
}

void ReviewSession::setCurrent(std::uint8_t value) {
  if (current_ == value) return;
  current_ = value;
  correction_->setStructure(value);
  Q_EMIT currentChanged();
  search();
}

/// The decision is about what is seen, so corrections go into the case first.
void ReviewSession::setState(ReviewState state) {
  if (current_ == 0 || !correction_->isReady()) return;
  correction_->save([this, generation = generation_, value = current_, state] {
    if (generation != generation_) return;
    decide(value, state, outlineOf(correction_->savedOutlines(), value));
    rank();
    write();
  });
}

void ReviewSession::decide(std::uint8_t value, ReviewState state, const std::string& outline) {
  const Structure* structure = session_->table().find(value);
  if (structure == nullptr) return;
  reviews_.erase(std::remove_if(reviews_.begin(), reviews_.end(),
                                [value](const auto& each) { return each.value == value; }),
                 reviews_.end());
  if (state != ReviewState::NotReviewed)
    reviews_.push_back({structure->name, value, state, nowUtc(), outline});
}

/// A corrected structure is so until someone decides about the new outline, which may have happened already.
void ReviewSession::takeCorrection(const LabelSet& structures) {
  for (const Structure& structure : session_->table().all()) {
    if (!structures[structure.value]) continue;
    const std::string outline = outlineOf(correction_->savedOutlines(), structure.value);
    const StructureReview* review = find(reviews_, structure.value);
    if (review == nullptr || review->outlineSha256 != outline)
      decide(structure.value, ReviewState::Corrected, outline);
  }
  rank();
  write();
  search();
}

void ReviewSession::write() {
  writing_.request(
      [target = session_->source(), reviews = reviews_]() mutable { return putReview(target, reviews); },
      [this, generation = generation_](const Result<void>& written) {
        if (generation == generation_ && !written) Q_EMIT failed(written.error());
      });
}

void ReviewSession::setThreshold(float threshold) {
  if (options_.threshold == threshold) return;
  options_.threshold = threshold;
  search();
}

void ReviewSession::search() {
  places_.clear();
  place_ = -1;
  if (current_ != 0 && correction_->isReady())
    searching_.request(
        [labels = correction_->snapshot(), uncertainty = session_->segmentation()->uncertainty,
         value = current_,
         options = options_] { return doubtfulPlaces(*labels, *uncertainty, value, options); },
        [this, generation = generation_, value = current_,
         threshold = options_.threshold](std::vector<DoubtfulPlace> found) {
          if (generation != generation_ || value != current_ || threshold != options_.threshold) return;
          places_ = std::move(found);
          Q_EMIT placesChanged();
        });
  Q_EMIT placesChanged();
}

void ReviewSession::step(int by) {
  const int count = static_cast<int>(places_.size());
  if (count == 0) return;
  place_ = place_ < 0 ? (by > 0 ? 0 : count - 1) : (place_ + by + count) % count;
  Q_EMIT placesChanged();
  Q_EMIT placeChosen(places_[static_cast<std::size_t>(place_)].point);
}

}  // namespace coxa
