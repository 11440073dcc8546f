#include "server/net/tls.h"

#include "server/base/log.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>
#include <string_view>

namespace cluse::net {
namespace {

namespace ssl = boost::asio::ssl;

// Forward secrecy and authenticated encryption, nothing else; the suites of TLS 1.3 are so by design.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr std::string_view kSessionContext = "cluse";

/// Of the protocols that a client offers only HTTP/1.1 is spoken here; a client that offers others goes on without.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int verdict = SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, in, in_size);
  if (verdict != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool configure(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Buffers of idle connections go back: thousands of WebSockets are idle most of the time.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  const auto* name = reinterpret_cast<const unsigned char*>(kSessionContext.data());
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1 && SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
         SSL_CTX_set_session_id_context(context, name, static_cast<unsigned>(kSessionContext.size())) == 1;
}

bool is_expired(const SSL_CTX* context) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  return certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
}

}  // namespace

Certificates::Certificates(std::filesystem::path certificate, std::filesystem::path private_key)
    : certificate_(std::move(certificate)), private_key_(std::move(private_key)) {}

Result<void> Certificates::load() {
  const Stamp found = stamp();
  const std::lock_guard lock(mutex_);
  loaded_ = found;
  auto fresh = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  if (!configure(fresh->native_handle())) return fail(Errc::internal, "certificate_invalid", "TLS is not available");
  fresh->use_certificate_chain_file(certificate_.string(), error);
  if (error) {
    return fail(Errc::invalid, "certificate_invalid", certificate_.string() + ": " + error.message());
  }
  fresh->use_private_key_file(private_key_.string(), ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(fresh->native_handle()) != 1) {
    ERR_clear_error();
    return fail(Errc::invalid, "certificate_invalid", private_key_.string() + ": no key, or not of this certificate");
  }
  if (is_expired(fresh->native_handle())) {
    const std::string words = certificate_.string() + ": the certificate has expired";
    if (current_) return fail(Errc::invalid, "certificate_invalid", words);
    // At start there is no better one: browsers say what is wrong, and everything else can be looked at.
    log_error("certificate_expired", {{"words", words}});
  }
  current_ = std::move(fresh);
  return {};
}

std::shared_ptr<ssl::context> Certificates::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

bool Certificates::has_changed() const {
  const Stamp found = stamp();
  const std::lock_guard lock(mutex_);
  return found != loaded_;
}

Certificates::Stamp Certificates::stamp() const {
  std::error_code error;
  const auto certificate = std::filesystem::last_write_time(certificate_, error);
  const auto private_key = std::filesystem::last_write_time(private_key_, error);
  return {certificate, private_key};
}

}  // namespace cluse::net
