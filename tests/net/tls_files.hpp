// A certificate for one test, in a temporary folder.
#pragma once

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "net/system/tls.hpp"

namespace signaller::net {

class TlsFolder {
 public:
  TlsFolder() {
    std::string name = testing::TempDir() + "signaller-tls-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    path_ = name;
    make();
  }
  ~TlsFolder() { std::filesystem::remove_all(path_); }
  TlsFolder(const TlsFolder&) = delete;
  TlsFolder& operator=(const TlsFolder&) = delete;

  TlsFiles files() const { return {path_ / "certificate.pem", path_ / "key.pem"}; }
  /// Replaces certificate and key by a new pair.
  void make() { make(EVP_EC_gen("P-256")); }
  /// The same, with a key of another type.
  void make_rsa() { make(EVP_RSA_gen(2'048)); }
  static constexpr long Days = 9;

 private:
  void make(EVP_PKEY* key) {
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), Days * 24L * 3'600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    save(files().certificate, [&](FILE* file) { PEM_write_X509(file, certificate); });
    save(files().key, [&](FILE* file) {
      PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  template <class Write>
  static void save(const std::string& path, Write write) {
    FILE* file = std::fopen((path + ".new").c_str(), "w");
    write(file);
    std::fclose(file);
    std::filesystem::rename(path + ".new", path);
  }
  std::filesystem::path path_;
  long serial_ = 0;
};

}  // namespace signaller::net
