#pragma once

#include <optional>
#include <string>

namespace coxa {

/// True when the declared character sets include a Japanese one of ISO 2022 (IR 13, 87 or 159).
bool isJapanese(const std::string& specificCharacterSet);

/// Text of those character sets as UTF-8. DCMTK over glibc's iconv cannot convert them: glibc knows the sets
/// only together, as ISO-2022-JP-2. Half-width katakana (IR 13) are bytes above 0xA0. Nothing when the bytes
/// are no such text.
std::optional<std::string> utf8FromJapanese(const std::string& bytes);

}  // namespace coxa
