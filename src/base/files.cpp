#include "coxa/base/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

namespace coxa {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> cannotWrite(const fs::path& path, int error) {
  return badInput("Cannot write " + path.string() + ": " + std::strerror(error) +
                  ". Choose a folder you may write to, with free space.");
}

fs::path temporaryBeside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  // The file's name stays the ending: writers choose the format by it (.nii.gz).
  const std::string name =
      ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + "-" + path.filename().string();
  return path.parent_path() / name;
}

Result<void> syncPath(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags);
  if (descriptor < 0) return cannotWrite(path, errno);
  const int status = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (status != 0) return cannotWrite(path, error);
  return {};
}

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &length);
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

Result<std::string> readFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream.good() && !stream.eof())
    return badInput("Cannot read " + path.string() +
                    ". Check that the file exists and that you may read it.");
  return bytes;
}

Result<void> writeFileAtomically(const fs::path& path, std::string_view bytes) {
  return writeFileAtomically(path, [&](const fs::path& temporary) -> Result<void> {
    std::ofstream stream(temporary, std::ios::binary);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) return cannotWrite(path, errno);
    return {};
  });
}

Result<void> writeFileAtomically(const fs::path& path,
                                 const std::function<Result<void>(const fs::path&)>& write) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const fs::path temporary = temporaryBeside(path);
  std::error_code error;
  Result<void> done = write(temporary);
  if (done) done = syncPath(temporary, O_RDONLY);
  if (done) {
    fs::rename(temporary, path, error);
    if (error) done = cannotWrite(path, error.value());
  }
  if (!done) {
    fs::remove(temporary, error);
    return done;
  }
  return syncPath(folder, O_RDONLY | O_DIRECTORY);
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

Result<std::string> sha256OfFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return badInput("Cannot read " + path.string() + ". Check that the file exists.");
  Sha256 hash;
  std::string buffer(1 << 20, '\0');
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.add({buffer.data(), static_cast<std::size_t>(stream.gcount())});
  }
  if (stream.bad()) return badInput("Reading " + path.string() + " failed. The disk may be damaged.");
  return hash.hex();
}

}  // namespace coxa
