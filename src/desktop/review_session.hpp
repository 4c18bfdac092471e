#pragma once

#include "background.hpp"

#include "coxa/base/measured.hpp"
#include "coxa/casefile/review.hpp"
#include "coxa/editing/doubtful_places.hpp"

#include <QObject>
#include <QString>
#include <optional>
#include <vector>

namespace coxa {

class CaseSession;
class CorrectionSession;

/// One structure in the review list.
struct ReviewEntry {
  std::uint8_t value = 0;
  QString name;
  bool found = false;        ///< the labels have it
  double uncertainty = 0.0;  ///< structure-wise
  std::optional<Measured> expectedDice;
  bool doubtful = false;  ///< expected to be wrong in part
  ReviewState state = ReviewState::NotReviewed;
  bool outdated = false;  ///< the state was given to another outline
  QString timeUtc;        ///< of the state, ISO 8601
};

/// The review of the open case: its structures, most uncertain first, what was decided about each, and the
/// doubtful places of the current one. Decisions go into the case at once.
class ReviewSession : public QObject {
  Q_OBJECT
 public:
  ReviewSession(CaseSession* session, CorrectionSession* correction, QObject* parent = nullptr);

  /// Found ones by falling uncertainty, then those the labels lack, by value.
  const std::vector<ReviewEntry>& entries() const { return entries_; }
  const ReviewEntry* entry(std::uint8_t value) const;
  /// How many of the structures found are accepted or corrected, up to date.
  int reviewedCount() const;

  std::uint8_t current() const { return current_; }  ///< 0: none
  void setCurrent(std::uint8_t value);
  void setState(ReviewState state);  ///< of the current structure; saves corrections first

  float threshold() const { return options_.threshold; }
  void setThreshold(float threshold);  ///< from where on a voxel is doubtful
  const std::vector<DoubtfulPlace>& places() const { return places_; }
  bool isSearching() const { return searching_.isBusy(); }
  int place() const { return place_; }  ///< the one shown; -1 before the first
  void step(int by);                    ///< to another place; from the last one on to the first

 Q_SIGNALS:
  void entriesChanged();
  void currentChanged();
  void placesChanged();
  void placeChosen(const coxa::Vec3& world);
  void failed(const coxa::Error& error);

 private:
  void begin();
  void reset();
  void rank();
  void decide(std::uint8_t value, ReviewState state, const std::string& outline);
  void takeCorrection(const LabelSet& structures);
  void write();
  void search();

  CaseSession* session_;
  CorrectionSession* correction_;
  std::vector<StructureReview> reviews_;
  std::vector<ReviewEntry> entries_;
  std::uint8_t current_ = 0;
  DoubtOptions options_;
  std::vector<DoubtfulPlace> places_;
  int place_ = -1;
  LatestOnly<std::vector<DoubtfulPlace>> searching_{this};
  LatestOnly<Result<void>> writing_{this};
  int generation_ = 0;
};

}  // namespace coxa
