#include "app/secret_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>

namespace signaller {
namespace {

/// A descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

std::runtime_error wrong(const std::string& path, const std::string& what) {
  return std::runtime_error(fmt::format("secret_key_file {}: {}", path, what));
}

/// Returns the error for a key file that could not be created; takes the reason from errno.
std::runtime_error no_place(const std::string& path) {
  return wrong(path,
               fmt::format("cannot be created: {}; choose a directory that this user may write to",
                           std::strerror(errno)));
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

SecretKey new_key() {
  SecretKey key;
  randombytes_buf(key.bytes.data(), key.bytes.size());
  key.made = true;
  return key;
}

/// Returns nothing if the file does not exist.
std::optional<SecretKey> read_key(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) throw wrong(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  struct stat about {};
  if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    throw wrong(path, "is not a regular file");
  }
  constexpr mode_t Others = 077;
  if ((about.st_mode & Others) != 0) {
    throw wrong(path,
                fmt::format("others may read it (mode {:04o}); only its owner may have access: "
                            "chmod 600 {}",
                            about.st_mode & 07777U, path));
  }
  SecretKey key;
  const ssize_t size = ::read(file.get(), key.bytes.data(), key.bytes.size());
  if (about.st_size != static_cast<off_t>(SecretKey::Size) ||
      size != static_cast<ssize_t>(SecretKey::Size)) {
    throw wrong(
        path, fmt::format("has {} bytes, but a key has {} random bytes; put the right file in its "
                          "place, or remove this file so that a new key is created (every secret "
                          "and token that was hashed with the old key is then lost)",
                          about.st_size, SecretKey::Size));
  }
  return key;
}

/// Writes the key to a temporary file, then links that file to `path`. The link fails if another
/// process has created `path` already.
/// @returns false: errno says why
bool write_key(const std::string& path, const SecretKey& key) {
  const std::string draft = fmt::format("{}.{}.{:08x}", path, ::getpid(), randombytes_random());
  bool done = false;
  int problem = 0;
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return false;
    done = ::write(file.get(), key.bytes.data(), key.bytes.size()) ==
               static_cast<ssize_t>(key.bytes.size()) &&
           ::fsync(file.get()) == 0 && ::link(draft.c_str(), path.c_str()) == 0;
    problem = errno;
  }
  (void)::unlink(draft.c_str());
  const File place(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // An error is ignored: some file systems cannot sync a folder, and the key file is complete.
  if (done && place) (void)::fsync(place.get());
  errno = problem;
  return done;
}

}  // namespace

SecretKey load_secret_key(const std::string& path) {
  if (auto key = read_key(path)) return *key;
  SecretKey key = new_key();
  if (write_key(path, key)) return key;
  if (errno == EEXIST) {
    if (auto other = read_key(path)) return *other;
  }
  key.made = false;
  key.warning = fmt::format(
      "secret_key_file {}: cannot be created: {}; a random key is used until the process ends",
      path, std::strerror(errno));
  return key;
}

SecretKey find_secret_key(const std::string& path) {
  if (auto key = read_key(path)) return *key;
  if (::access(folder_of(path).c_str(), W_OK | X_OK) != 0) throw no_place(path);
  return new_key();
}

void keep_secret_key(const std::string& path, const SecretKey& key) {
  if (write_key(path, key)) return;
  if (errno != EEXIST) throw no_place(path);
  throw wrong(path,
              "was created by another process after this server started; start the server again");
}

void check_secret_key(const std::string& path) {
  (void)read_key(path);
}

}  // namespace signaller
