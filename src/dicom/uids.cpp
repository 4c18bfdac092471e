#include "uids.hpp"

#include "coxa/base/files.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace coxa {
namespace {

using Uuid = std::array<std::uint32_t, 4>;  // most significant first

Uuid uuidFrom(const std::string& sha256Digits) {
  Uuid uuid{};
  for (std::size_t i = 0; i < uuid.size(); ++i)
    uuid[i] = static_cast<std::uint32_t>(std::stoul(sha256Digits.substr(8 * i, 8), nullptr, 16));
  uuid[1] = (uuid[1] & 0xFFFF0FFFU) | 0x00008000U;  // version 8: made by the application
  uuid[2] = (uuid[2] & 0x3FFFFFFFU) | 0x80000000U;  // the variant of RFC 9562
  return uuid;
}

std::string decimal(Uuid number) {
  std::string digits;
  while (std::any_of(number.begin(), number.end(), [](std::uint32_t part) { return part != 0; })) {
    std::uint64_t remainder = 0;
    for (std::uint32_t& part : number) {
      const std::uint64_t value = (remainder << 32U) | part;
      part = static_cast<std::uint32_t>(value / 10);
      remainder = value % 10;
    }
    digits.push_back(static_cast<char>('0' + remainder));
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

std::string uidFor(std::uint64_t seed, std::string_view role) {
  return "2.25." + decimal(uuidFrom(sha256("coxa uid " + std::to_string(seed) + " " + std::string(role))));
}

}  // namespace coxa
