// TLS sessions over a pair of sockets, and certificates that are replaced.
#include "net/system/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "tests/net/tls_files.hpp"

namespace signaller::net {
namespace {

/// A blocking TLS client on one end of a socket pair; the tested session is on the other end.
class TlsPair : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    theirs_ = ends[0];
    ours_ = ends[1];
    const int small = 4'096;
    ::setsockopt(ours_, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    client_context_ = SSL_CTX_new(TLS_client_method());
    client_ = SSL_new(client_context_);
    SSL_set_fd(client_, theirs_);
    session_ = std::make_unique<TlsSession>(*identity_.current(), ours_);
  }
  void TearDown() override {
    ::shutdown(ours_, SHUT_RDWR);  // ends the reading thread, also after a failure
    if (reader_.joinable()) reader_.join();
    session_.reset();
    SSL_free(client_);
    SSL_CTX_free(client_context_);
    ::close(theirs_);
    ::close(ours_);
  }
  void connect() {
    std::thread client([this] { EXPECT_EQ(SSL_connect(client_), 1); });
    TlsSession::Handshake step = session_->handshake();
    while (step == TlsSession::Handshake::WantsRead || step == TlsSession::Handshake::WantsWrite) {
      wait(step == TlsSession::Handshake::WantsRead ? POLLIN : POLLOUT);
      step = session_->handshake();
    }
    EXPECT_EQ(step, TlsSession::Handshake::Done);
    client.join();
  }
  /// Reads until the end into heard_, on a thread of the client.
  void hear() {
    reader_ = std::thread([this] {
      std::array<char, 3'000> part{};
      for (int got = 1; got > 0;) {
        got = SSL_read(client_, part.data(), part.size());
        if (got > 0) heard_.append(part.data(), static_cast<std::size_t>(got));
      }
    });
  }
  void wait(short events) {
    pollfd place{ours_, events, 0};
    if (::poll(&place, 1, 20'000) != 1) throw std::runtime_error("waited in vain");
  }

  TlsFolder folder_;
  TlsIdentity identity_{folder_.files()};
  std::unique_ptr<TlsSession> session_;
  int ours_ = -1;
  int theirs_ = -1;
  SSL_CTX* client_context_ = nullptr;
  SSL* client_ = nullptr;
  std::string heard_;
  std::thread reader_;
};

TEST_F(TlsPair, AcceptedBytesArriveWhateverIsOfferedNext) {
  connect();
  constexpr std::size_t All = 3'000'000;
  std::mt19937 random(7);  // NOLINT: the same numbers in each run
  std::string taken;
  hear();
  while (taken.size() < All) {
    // Offers other bytes in each call. The fan-out does the same when a signal moves ahead of a
    // frame that was offered before.
    std::vector<std::string> parts(1 + random() % 5);
    std::vector<iovec> offer;
    for (std::string& part : parts) {
      part.resize(random() % (random() % 4 == 0 ? 40'000 : 300));
      for (char& c : part) c = static_cast<char>(random());
      offer.push_back({part.data(), part.size()});
    }
    const std::ptrdiff_t size = session_->write(offer.data(), static_cast<int>(offer.size()));
    ASSERT_GE(size, 0);
    std::string whole;
    for (const std::string& part : parts) whole += part;
    ASSERT_LE(static_cast<std::size_t>(size), whole.size());
    taken += whole.substr(0, static_cast<std::size_t>(size));
    if (static_cast<std::size_t>(size) < whole.size()) wait(POLLOUT);
  }
  while (!session_->flush()) wait(POLLOUT);
  EXPECT_FALSE(session_->blocked());
  session_->shut();
  ASSERT_EQ(::shutdown(ours_, SHUT_WR), 0);
  reader_.join();
  EXPECT_TRUE(heard_ == taken);
}

TEST_F(TlsPair, ReadsUntilCloseNotify) {
  connect();
  std::array<char, 65'536> bytes{};
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), TlsSession::Nothing);
  const std::string text(20'000, 'x');
  ASSERT_EQ(SSL_write(client_, text.data(), 20'000), 20'000);
  SSL_shutdown(client_);
  std::string read;
  for (;;) {
    const std::ptrdiff_t size = session_->read(bytes.data(), bytes.size());
    if (size == 0) break;
    ASSERT_GT(size, 0);
    read.append(bytes.data(), static_cast<std::size_t>(size));
  }
  EXPECT_EQ(read, text);
}

TEST_F(TlsPair, ABrokenConnectionIsReported) {
  connect();
  ASSERT_EQ(::send(theirs_, "no record at all", 16, 0), 16);
  std::array<char, 65'536> bytes{};
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), TlsSession::Broken);
  EXPECT_TRUE(session_->broken());
  const iovec part{bytes.data(), 10};
  EXPECT_EQ(session_->write(&part, 1), -1);
}

TEST_F(TlsPair, RecordsWithoutDataAreLimited) {
  const auto update_keys = [this](int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_EQ(SSL_key_update(client_, SSL_KEY_UPDATE_NOT_REQUESTED), 1);
      ASSERT_EQ(SSL_do_handshake(client_), 1);
    }
  };
  connect();
  std::array<char, 16'384> bytes{};
  update_keys(60);
  ASSERT_EQ(SSL_write(client_, "hello", 5), 5);
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), 5) << "those before it are passed over";
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), TlsSession::Nothing);
  update_keys(40);
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), TlsSession::Nothing);
  update_keys(1);
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), TlsSession::Broken);
  EXPECT_TRUE(session_->broken());
}

TEST_F(TlsPair, EofWithoutCloseNotifyIsAnEnd) {
  connect();
  ASSERT_EQ(::shutdown(theirs_, SHUT_WR), 0);
  std::array<char, 65'536> bytes{};
  EXPECT_EQ(session_->read(bytes.data(), bytes.size()), 0);
}

TEST_F(TlsPair, PlainHttpIsRecognised) {
  ASSERT_EQ(::send(theirs_, "GET / HTTP/1.1\r\n\r\n", 18, 0), 18);
  EXPECT_EQ(session_->handshake(), TlsSession::Handshake::PlainHttp);
}

TEST_F(TlsPair, GarbageFailsTheHandshake) {
  ASSERT_EQ(::send(theirs_, "nonsense, nonsense", 18, 0), 18);
  EXPECT_EQ(session_->handshake(), TlsSession::Handshake::Failed);
}

TEST(TlsIdentity, ReloadsChangedFiles) {
  TlsFolder folder;
  TlsIdentity identity(folder.files());
  const auto first = identity.current();
  EXPECT_FALSE(identity.changed());
  folder.make();
  ASSERT_TRUE(identity.changed());
  identity.reload(*identity.changed());
  EXPECT_FALSE(identity.changed());
  EXPECT_NE(identity.current(), first);
}

TEST(TlsIdentity, KeepsThePreviousCertificateIfFilesAreInvalid) {
  TlsFolder folder;
  TlsIdentity identity(folder.files());
  const auto first = identity.current();
  std::ofstream(folder.files().certificate) << "nonsense";
  EXPECT_THROW(identity.reload(folder.files()), std::runtime_error);
  EXPECT_EQ(identity.current(), first);
  EXPECT_FALSE(identity.changed()) << "said once, until something changes again";
  int looks = 2;
  while (!identity.changed() && looks < 100) ++looks;
  EXPECT_EQ(looks, 15) << "or after a while: it may have been something else";
}

TEST(TlsContext, ReportsTheExpiryOfItsCertificate) {
  const TlsFolder folder;
  const auto left = TlsContext(folder.files()).expires() - std::chrono::system_clock::now();
  EXPECT_NEAR(std::chrono::duration<double>(left).count(), TlsFolder::Days * 86'400.0, 120);
}

TEST(TlsContext, RefusesAKeyWithAPassphrase) {
  const TlsFolder folder;
  TlsFiles files = folder.files();
  BIO* in = BIO_new_file(files.key.c_str(), "r");
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  BIO_free(in);
  ASSERT_NE(key, nullptr);
  files.key += ".locked";
  BIO* out = BIO_new_file(files.key.c_str(), "w");
  std::array<unsigned char, 6> passphrase{'s', 'e', 'c', 'r', 'e', 't'};
  ASSERT_EQ(PEM_write_bio_PrivateKey(out, key, EVP_aes_128_cbc(), passphrase.data(),
                                     passphrase.size(), nullptr, nullptr),
            1);
  BIO_free(out);
  EVP_PKEY_free(key);
  try {
    const TlsContext context(files);
    FAIL() << "it was read";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(files.key));
    EXPECT_THAT(error.what(), testing::HasSubstr("passphrase"));
  }
}

TEST(TlsContext, ErrorsNameTheFile) {
  const TlsFolder folder;
  const TlsFolder other;
  const auto error = [](const TlsFiles& files) -> std::string {
    try {
      const TlsContext context(files);
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
    return "none";
  };
  using testing::HasSubstr;
  const auto [certificate, key] = folder.files();
  EXPECT_EQ(error(folder.files()), "none");
  EXPECT_THAT(error({"/none/c.pem", key}), HasSubstr("/none/c.pem: there is no such file"));
  EXPECT_THAT(error({certificate, "/none/k.pem"}), HasSubstr("/none/k.pem: there is no such file"));
  EXPECT_THAT(error({key, key}), HasSubstr("key.pem: must be a certificate in PEM format"));
  EXPECT_THAT(error({certificate, certificate}), HasSubstr("must be a private key in PEM format"));
  EXPECT_THAT(error({certificate, other.files().key}), HasSubstr("does not belong to"));
  TlsFolder rsa;
  rsa.make_rsa();
  EXPECT_EQ(error(rsa.files()), "none");
  EXPECT_THAT(error({certificate, rsa.files().key}), HasSubstr("does not belong to"));
  EXPECT_THAT(error({rsa.files().certificate, key}), HasSubstr("does not belong to"));
}

}  // namespace
}  // namespace signaller::net
