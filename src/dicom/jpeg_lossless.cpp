#include "jpeg_lossless.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <vector>

namespace coxa {
namespace {

/// Codes of up to kShort bits are looked up at once; longer ones are rare and searched by length (annex
/// F.2.2.3).
class HuffmanTable {
 public:
  /// `bytes`: 16 counts of codes by length, then the symbols. False when they make no table.
  bool read(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 16) return false;
    std::size_t total = 0;
    for (int length = 1; length <= 16; ++length) total += bytes[static_cast<std::size_t>(length - 1)];
    if (total == 0 || total > 256 || bytes.size() < 16 + total) return false;
    std::copy_n(bytes.begin() + 16, total, symbols_.begin());
    short_.fill({});
    std::uint32_t code = 0;
    std::uint32_t index = 0;
    for (std::uint32_t length = 1; length <= 16; ++length, code <<= 1U) {
      const std::uint32_t count = bytes[length - 1];
      first_[length] = code;
      firstIndex_[length] = index;
      count_[length] = count;
      for (std::uint32_t n = 0; n < count; ++n, ++code, ++index) {
        if (code >= (1U << length) || symbols_[index] > 16) return false;
        if (length <= kShort) enter(code, length, symbols_[index]);
      }
    }
    valid_ = true;
    return true;
  }

  struct Entry {
    std::uint8_t length = 0;  ///< 0: no code
    std::uint8_t symbol = 0;
  };

  /// The code at the top of `bits`.
  Entry find(std::uint64_t bits) const {
    const Entry entry = short_[bits >> (64U - kShort)];
    if (entry.length != 0) return entry;
    for (std::uint32_t length = kShort + 1; length <= 16; ++length) {
      const auto code = static_cast<std::uint32_t>(bits >> (64U - length));
      if (code >= first_[length] && code - first_[length] < count_[length])
        return {static_cast<std::uint8_t>(length), symbols_[firstIndex_[length] + code - first_[length]]};
    }
    return {};
  }

  bool valid() const { return valid_; }

 private:
  static constexpr std::uint32_t kShort = 11;

  void enter(std::uint32_t code, std::uint32_t length, std::uint8_t symbol) {
    const std::uint32_t begin = code << (kShort - length);
    std::fill_n(short_.begin() + begin, 1U << (kShort - length),
                Entry{static_cast<std::uint8_t>(length), symbol});
  }

  std::array<Entry, 1U << kShort> short_{};
  std::array<std::uint8_t, 256> symbols_{};
  std::array<std::uint32_t, 17> first_{};
  std::array<std::uint32_t, 17> firstIndex_{};
  std::array<std::uint32_t, 17> count_{};
  bool valid_ = false;
};

/// Bits of the entropy-coded segment, stuffed bytes already taken out, followed by at least 8 bytes of
/// anything.
class BitReader {
 public:
  BitReader(const std::uint8_t* bytes, std::size_t size) : next_(bytes), end_(bytes + size) {}

  /// At least 32 bits at the top afterwards; past the end they are of the bytes that follow.
  void refill() {
    if (next_ > end_) return;
    std::uint64_t word = 0;
    std::memcpy(&word, next_, sizeof word);
    if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
    bits_ |= word >> count_;
    const int bytes = (63 - count_) / 8;
    next_ += bytes;
    count_ += 8 * bytes;
  }
  std::uint64_t bits() const { return bits_; }
  void drop(int count) {
    bits_ <<= static_cast<unsigned>(count);
    count_ -= count;
  }
  /// Bits of the segment that were not used; negative when more were used than there were.
  std::ptrdiff_t left() const { return (end_ - next_) * 8 + count_; }

 private:
  const std::uint8_t* next_;
  const std::uint8_t* end_;
  std::uint64_t bits_ = 0;
  int count_ = 0;
};

struct Header {
  int precision = 0;
  int rows = 0;
  int columns = 0;
  int predictor = 0;
  HuffmanTable table;
  std::size_t scanBegin = 0;
};

/// Reads the markers up to the scan. Nothing when it is not the kind of stream this decoder is for.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view stream)
      : bytes_(reinterpret_cast<const std::uint8_t*>(stream.data()), stream.size()) {}

  std::optional<Header> read() {
    if (bytes_.size() < 4 || bytes_[0] != 0xFF || bytes_[1] != 0xD8) return std::nullopt;
    std::size_t at = 2;
    while (at + 4 <= bytes_.size()) {
      if (bytes_[at] != 0xFF) return std::nullopt;
      const std::uint8_t marker = bytes_[at + 1];
      const std::size_t length = static_cast<std::size_t>(bytes_[at + 2]) << 8U | bytes_[at + 3];
      if (length < 2 || at + 2 + length > bytes_.size()) return std::nullopt;
      const auto body = bytes_.subspan(at + 4, length - 2);
      at += 2 + length;
      if (marker == 0xDA) return scan(body, at);
      if (!segment(marker, body)) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  bool segment(std::uint8_t marker, std::span<const std::uint8_t> body) {
    if (marker == 0xC3) return frame(body);
    if (marker == 0xC4) return tables(body);
    const bool describes = marker == 0xFE || (marker >= 0xE0 && marker <= 0xEF);  // comment, application
    return describes;
  }

  bool frame(std::span<const std::uint8_t> body) {
    if (body.size() != 9 || body[5] != 1) return false;
    header_.precision = body[0];
    header_.rows = body[1] << 8 | body[2];
    header_.columns = body[3] << 8 | body[4];
    return header_.precision >= 2 && header_.precision <= 16;
  }

  bool tables(std::span<const std::uint8_t> body) {
    while (body.size() > 17) {
      const std::uint8_t place = body[0];
      if (place > 3 || !tables_[place].read(body.subspan(1))) return false;
      std::size_t used = 17;
      for (std::size_t i = 1; i <= 16; ++i) used += body[i];
      body = body.subspan(used);
    }
    return body.empty();
  }

  std::optional<Header> scan(std::span<const std::uint8_t> body, std::size_t begin) {
    if (body.size() != 6 || body[0] != 1 || header_.rows == 0) return std::nullopt;
    const std::uint8_t table = body[2] >> 4U;
    header_.predictor = body[3];
    const bool transformed = body[5] != 0;
    if (table > 3 || !tables_[table].valid() || header_.predictor < 1 || header_.predictor > 7 || transformed)
      return std::nullopt;
    header_.table = tables_[table];
    header_.scanBegin = begin;
    return header_;
  }

  std::span<const std::uint8_t> bytes_;
  Header header_;
  std::array<HuffmanTable, 4> tables_;
};

/// The scan without its stuffed zeros, and 16 zeros behind; nothing unless it ends with the end of the image.
std::optional<std::vector<std::uint8_t>> unstuffed(std::string_view scan) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(scan.size() + 16);
  for (std::size_t at = 0; at + 1 < scan.size();) {
    const void* found = std::memchr(scan.data() + at, 0xFF, scan.size() - at);
    if (!found) return std::nullopt;
    const auto mark = static_cast<std::size_t>(static_cast<const char*>(found) - scan.data());
    if (mark + 1 >= scan.size()) return std::nullopt;
    bytes.insert(bytes.end(), scan.begin() + static_cast<std::ptrdiff_t>(at),
                 scan.begin() + static_cast<std::ptrdiff_t>(mark));
    const auto follows = static_cast<std::uint8_t>(scan[mark + 1]);
    if (follows == 0xD9) {
      bytes.insert(bytes.end(), 16, 0);
      return bytes;
    }
    if (follows == 0xFF) {  // a fill byte before the marker
      at = mark + 1;
      continue;
    }
    if (follows != 0x00) return std::nullopt;
    bytes.push_back(0xFF);
    at = mark + 2;
  }
  return std::nullopt;
}

/// Table H.1: a left, b above, c above left.
template <int Predictor>
int predicted(int a, int b, int c) {
  switch (Predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

/// One difference (annex H.1.2.2). False when the bits are no code.
inline bool readDifference(BitReader& reader, const HuffmanTable& table, int& difference) {
  reader.refill();
  const HuffmanTable::Entry code = table.find(reader.bits());
  reader.drop(code.length);
  const int size = code.symbol;
  if (size == 0) {
    difference = 0;
  } else if (size == 16) {
    difference = 32768;
  } else {
    const int value = static_cast<int>(reader.bits() >> (64 - size));
    reader.drop(size);
    difference = value < (1 << (size - 1)) ? value - (1 << size) + 1 : value;
  }
  return code.length != 0;
}

template <int Predictor>
bool decodeRows(const Header& header, BitReader& reader, std::uint16_t* out) {
  const int columns = header.columns;
  int difference = 0;
  bool good = true;
  for (int j = 0; j < header.rows; ++j, out += columns) {
    const std::uint16_t* above = out - columns;
    good = readDifference(reader, header.table, difference) && good;
    out[0] = static_cast<std::uint16_t>((j == 0 ? 1 << (header.precision - 1) : above[0]) + difference);
    for (int i = 1; i < columns; ++i) {
      good = readDifference(reader, header.table, difference) && good;
      const int prediction = j == 0 ? out[i - 1] : predicted<Predictor>(out[i - 1], above[i], above[i - 1]);
      out[i] = static_cast<std::uint16_t>(prediction + difference);
    }
    if (!good || reader.left() < 0) return false;
  }
  return true;
}

bool decodeRows(const Header& header, BitReader& reader, std::uint16_t* out) {
  switch (header.predictor) {
    case 1:
      return decodeRows<1>(header, reader, out);
    case 2:
      return decodeRows<2>(header, reader, out);
    case 3:
      return decodeRows<3>(header, reader, out);
    case 4:
      return decodeRows<4>(header, reader, out);
    case 5:
      return decodeRows<5>(header, reader, out);
    case 6:
      return decodeRows<6>(header, reader, out);
    default:
      return decodeRows<7>(header, reader, out);
  }
}

}  // namespace

bool decodeLosslessJpeg(std::string_view stream, int columns, int rows, std::span<std::uint16_t> out) {
  const auto header = HeaderReader(stream).read();
  if (!header || header->columns != columns || header->rows != rows ||
      out.size() != static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows))
    return false;
  const auto bytes = unstuffed(stream.substr(header->scanBegin));
  if (!bytes) return false;
  constexpr std::size_t kBehind = 16;
  BitReader reader(bytes->data(), bytes->size() - kBehind);
  // Less than a byte of padding may be left; more means that bits were damaged on the way.
  return decodeRows(*header, reader, out.data()) && reader.left() < 8;
}

}  // namespace coxa
