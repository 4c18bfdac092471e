#include "japanese.hpp"

#include <iconv.h>

#include <memory>
#include <string_view>
#include <utility>

namespace coxa {
namespace {

constexpr std::string_view kKatakanaOnTheRight = "\x1B)I";  // designates IR 13 for bytes above 0xA0

/// The bytes below 0x80 with their escape sequences.
std::optional<std::string> converted(std::string run) {
  const auto close = [](void* converter) { iconv_close(converter); };
  const iconv_t opened = iconv_open("UTF-8", "ISO-2022-JP-2");
  if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  const std::unique_ptr<void, decltype(close)> converter(opened, close);
  std::string out(4 * run.size() + 16, '\0');
  char* from = run.data();
  char* to = out.data();
  std::size_t left = run.size();
  std::size_t room = out.size();
  if (iconv(converter.get(), &from, &left, &to, &room) == static_cast<std::size_t>(-1) || left > 0)
    return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

bool isHalfWidthKatakana(unsigned char byte) {
  return byte >= 0xA1 && byte <= 0xDF;
}

/// U+FF61 to U+FF9F stand in the order of the bytes.
std::string katakana(unsigned char byte) {
  const unsigned code = 0xFF61U + byte - 0xA1U;
  return {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
          static_cast<char>(0x80U | (code & 0x3FU))};
}

}  // namespace

bool isJapanese(const std::string& specificCharacterSet) {
  for (const char* set : {"IR 13", "IR_13", "IR 87", "IR 159"})
    if (specificCharacterSet.find(set) != std::string::npos) return true;
  return false;
}

std::optional<std::string> utf8FromJapanese(const std::string& bytes) {
  std::string text;
  std::string run;
  const auto endRun = [&] {
    const auto part = converted(std::exchange(run, {}));
    if (part) text += *part;
    return part.has_value();
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (bytes.compare(i, kKatakanaOnTheRight.size(), kKatakanaOnTheRight) == 0) {
      i += kKatakanaOnTheRight.size() - 1;
    } else if (byte < 0x80) {
      run.push_back(bytes[i]);
    } else {
      if (!isHalfWidthKatakana(byte) || !endRun()) return std::nullopt;
      text += katakana(byte);
    }
  }
  return endRun() ? std::optional(text) : std::nullopt;
}

}  // namespace coxa
