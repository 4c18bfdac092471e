#pragma once

#include "coxa/casefile/case.hpp"

namespace coxa {

/// case.json: {"schema": 1, "pseudonym": …, "results": {"segmentation": {"folder": …, "files": {…},
/// "provenance": {…}}}}.
struct Manifest {
  std::string pseudonym;
  std::map<Stage, StageRecord> records;
};

std::string manifestJson(const Manifest& manifest);
/// Errors BadInput: damaged, or written by a newer program; the message names `path`.
Result<Manifest> manifestFromJson(const std::string& text, const std::filesystem::path& path);

}  // namespace coxa
