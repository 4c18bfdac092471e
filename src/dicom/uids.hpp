#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coxa {

/// A UID of the root 2.25 (a UUID as one decimal number, ISO/IEC 9834-8) made from the seed and a role: the
/// same arguments give the same UID.
std::string uidFor(std::uint64_t seed, std::string_view role);

}  // namespace coxa
