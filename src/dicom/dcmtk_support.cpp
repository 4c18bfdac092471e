#include "dcmtk_support.hpp"

#include "japanese.hpp"

#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cmath>

namespace coxa::dcm {
namespace {

constexpr Uint32 kLoadedWithHeader = 4096;  // bytes; larger values stay in the file

thread_local std::size_t warningsOnThisThread = 0;

/// Listens to the decoders' log and keeps nothing of it but the number of warnings.
class WarningCounter : public ::dcmtk::log4cplus::Appender {
 public:
  ~WarningCounter() override { destructorImpl(); }
  void close() override { closed = true; }

 protected:
  void append(const ::dcmtk::log4cplus::spi::InternalLoggingEvent&) override { ++warningsOnThisThread; }
};

void countWarningsOf(const char* decoder) {
  OFLogger logger = OFLog::getLogger(decoder);
  logger.setAdditivity(false);
  logger.setLogLevel(OFLogger::WARN_LOG_LEVEL);
  logger.addAppender(::dcmtk::log4cplus::SharedAppenderPtr(new WarningCounter));
}

Result<void> prepareOnce() {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  for (const char* decoder : {"dcmtk.dcmjpeg", "dcmtk.dcmjpls"}) countWarningsOf(decoder);
  DJDecoderRegistration::registerCodecs();
  DJLSDecoderRegistration::registerCodecs();
  DcmRLEDecoderRegistration::registerCodecs();
  if (!dcmDataDict.isDictionaryLoaded())
    return internalError("The DICOM dictionary was not found; install the package that holds DCMTK's data.",
                         "dicom.no-dictionary");
  return {};
}

bool isUtf8(const std::string& bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i++]);
    const int more = lead < 0x80                    ? 0
                     : lead >= 0xC2 && lead <= 0xDF ? 1
                     : lead >= 0xE0 && lead <= 0xEF ? 2
                     : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                    : -1;
    if (more < 0) return false;
    for (int n = 0; n < more; ++n, ++i)
      if (i >= bytes.size() || (static_cast<unsigned char>(bytes[i]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

std::string withReplacementCharacters(const std::string& bytes) {
  std::string text;
  for (const char c : bytes)
    if (static_cast<unsigned char>(c) < 0x80 && c != '\x1B')
      text.push_back(c);
    else
      text += "\xEF\xBF\xBD";
  return text;
}

std::string trimmed(const char* begin, std::size_t length) {
  std::string value(begin, length);
  const auto last = value.find_last_not_of(std::string_view(" \0", 2));
  value.erase(last == std::string::npos ? 0 : last + 1);
  value.erase(0, std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

}  // namespace

Result<void> prepare() {
  static const Result<void> prepared = prepareOnce();
  return prepared;
}

CodecWarnings::CodecWarnings() : before_(warningsOnThisThread) {}
bool CodecWarnings::any() const {
  return warningsOnThisThread != before_;
}

std::string shortName(const std::filesystem::path& path) {
  return path.filename().string();
}

Result<std::unique_ptr<DcmFileFormat>> open(const std::filesystem::path& path, const DcmTagKey& stopBefore) {
  if (auto ready = prepare(); !ready) return tl::unexpected(ready.error());
  auto file = std::make_unique<DcmFileFormat>();
  const OFFilename name(path.c_str());
  const OFCondition status = stopBefore == DCM_UndefinedTagKey
                                 ? file->loadFile(name, EXS_Unknown, EGL_noChange, kLoadedWithHeader)
                                 : file->loadFileUntilTag(name, EXS_Unknown, EGL_noChange, kLoadedWithHeader,
                                                          ERM_autoDetect, stopBefore);
  if (status.bad())
    return badInput(
        shortName(path) + " is not a whole DICOM file: it is truncated or damaged. Export it again.",
        std::string("dicom.damaged: ") + status.text());
  return file;
}

std::string text(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFString(tag, value).bad()) return {};
  return trimmed(value.data(), value.size());
}

std::string allText(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFStringArray(tag, value).bad()) return {};
  return trimmed(value.data(), value.size());
}

std::optional<double> number(DcmItem& item, const DcmTagKey& tag) {
  const auto values = numbers(item, tag, 1);
  if (values) return values->front();
  return std::nullopt;
}

std::optional<int> integer(DcmItem& item, const DcmTagKey& tag) {
  if (const auto value = number(item, tag)) return static_cast<int>(*value);
  return std::nullopt;
}

std::optional<std::vector<double>> numbers(DcmItem& item, const DcmTagKey& tag, std::size_t count) {
  DcmElement* element = nullptr;
  if (item.findAndGetElement(tag, element).bad() || element->getVM() < count) return std::nullopt;
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    OFString digits;
    OFBool valid = OFFalse;
    if (element->getOFString(digits, static_cast<unsigned long>(i)).bad()) return std::nullopt;
    const std::string value = trimmed(digits.data(), digits.size());
    values[i] = OFStandard::atof(value.c_str(), &valid);
    if (!valid || !std::isfinite(values[i])) return std::nullopt;
  }
  return values;
}

DcmItem* firstItem(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* first = nullptr;
  return item.findAndGetSequenceItem(sequence, first, 0).good() ? first : nullptr;
}

std::string utf8(DcmItem& dataset, const DcmTagKey& tag) {
  OFString raw;
  if (dataset.findAndGetOFStringArray(tag, raw).bad()) return {};
  const std::string bytes(raw.data(), raw.size());
  OFString declared;
  dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, declared);
  if (isJapanese(declared))
    if (const auto japanese = utf8FromJapanese(bytes)) return trimmed(japanese->data(), japanese->size());
  // In a name the escape sequences of ISO 2022 lose their effect at every '^', '=' and '\' (PS3.5 6.1.2.5.3).
  const char* delimiters = DcmTag(tag).getEVR() == EVR_PN ? "\\^=" : "\\";
  DcmSpecificCharacterSet converter;
  OFString converted;
  if (!declared.empty() && converter.selectCharacterSet(declared, "ISO_IR 192").good() &&
      converter.convertString(raw, converted, delimiters).good())
    return trimmed(converted.data(), converted.size());
  return trimmed(bytes.data(), bytes.size()).empty() || isUtf8(bytes)
             ? trimmed(bytes.data(), bytes.size())
             : withReplacementCharacters(trimmed(bytes.data(), bytes.size()));
}

}  // namespace coxa::dcm
