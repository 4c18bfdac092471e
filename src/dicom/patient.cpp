#include "coxa/dicom/patient.hpp"

#include "coxa/base/files.hpp"

#include <algorithm>
#include <cctype>

namespace coxa {
namespace {

std::string trimmed(std::string text) {
  const auto last = text.find_last_not_of(" \0");
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

std::string group(const std::string& pn, int index) {
  std::size_t begin = 0;
  for (; index > 0; --index) {
    begin = pn.find('=', begin);
    if (begin == std::string::npos) return {};
    ++begin;
  }
  std::string part = pn.substr(begin, pn.find('=', begin) - begin);
  std::replace(part.begin(), part.end(), '^', ' ');
  part.erase(std::unique(part.begin(), part.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
             part.end());
  return trimmed(part);
}

}  // namespace

PersonName::PersonName(std::string pn) : pn_(trimmed(std::move(pn))) {}

std::string PersonName::alphabeticForScreen() const {
  return group(pn_, 0);
}
std::string PersonName::ideographicForScreen() const {
  return group(pn_, 1);
}
std::string PersonName::phoneticForScreen() const {
  return group(pn_, 2);
}
std::string PersonName::forScreen() const {
  const std::string ideographic = ideographicForScreen();
  return ideographic.empty() ? alphabeticForScreen() : ideographic;
}

std::string pseudonymFor(std::string_view patientId, const PersonName& name) {
  const std::string key = patientId.empty() ? "name:" + name.forDicomFile() : "id:" + std::string(patientId);
  std::string digits = sha256("coxa patient " + key).substr(0, 6);
  for (char& c : digits) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "P-" + digits;
}

}  // namespace coxa
