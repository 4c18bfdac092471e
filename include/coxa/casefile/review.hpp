#pragma once

#include "coxa/casefile/case.hpp"
#include "coxa/editing/correction.hpp"

#include <string>
#include <vector>

namespace coxa {

enum class ReviewState { NotReviewed, Accepted, Corrected, Flagged };
const char* name(ReviewState state);  ///< "not-reviewed", "accepted", "corrected", "flagged"

/// What a person decided about one structure. It holds for the outline that was looked at: where the
/// checksum is no longer the outline's (see outlineChecksums), the decision is out of date.
struct StructureReview {
  std::string structure;  ///< name in resources/structures.json
  std::uint8_t value = 0;
  ReviewState state = ReviewState::NotReviewed;
  std::string timeUtc;  ///< ISO 8601
  std::string outlineSha256;
};

/// review.json in a result of its own: {"version": 1, "structures": [{"name", "value", "state", "timeUtc",
/// "outlineSha256"}]}.
Result<void> putReview(Case& target, const std::vector<StructureReview>& reviews);
/// Nothing where the case has no review. Errors BadInput: the file is damaged.
Result<std::vector<StructureReview>> readReview(const Case& source);

/// Replaces the case's segmentation by its correction. `correctedFrom` is the checksum of the result that was
/// corrected; the provenance keeps its parameters and adds "corrected" (names of all structures corrected by
/// hand so far) and "correctedFrom". Errors BadInput: the case has got another segmentation meanwhile.
Result<void> putCorrection(Case& target, const std::string& correctedFrom,
                           const CorrectedSegmentation& corrected, const StructureTable& table);

}  // namespace coxa
