#include "server/net/testing.h"

#include "server/base/log.h"
#include "server/net/asio.h"
#include "server/net/text.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace cluse::net::testing {
namespace {

constexpr int kPatienceSeconds = 10;

/// Waits for what another thread counts; it has no way to tell.
template <class Condition>
void wait_until(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(kPatienceSeconds);
  while (!condition() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(condition());
}

/// Answers what it gets; by the name of the route it does something else.
class TestSocket final : public WebSocketHandler {
 public:
  TestSocket(TestHandler& owner, WebSocket& socket, std::string route)
      : owner_(owner), socket_(socket), route_(std::move(route)) {
    ++owner_.attached;
    if (route_ == "/collab/closing") socket_.close(4404, "no such document");
    if (route_ == "/collab/greeting") socket_.send(share("hello"));
  }
  void on_message(Bytes message) override {
    if (route_ == "/collab/flood") {
      const auto payload = share(Bytes(2048, 'f'));
      for (int i = 0; i < 20'000; ++i) socket_.send(payload);
    } else if (route_ == "/collab/burst") {
      for (int i = 0; i < 1000; ++i) socket_.send(share(std::to_string(i)));
      socket_.close(4000, "done");
    } else if (route_ == "/collab/document") {
      socket_.send(share(Bytes(10U << 20, 'd')));
      for (int i = 0; i < 10; ++i) socket_.send(share("update"));
    } else if (route_ == "/collab/throwing") {
      throw std::runtime_error("on purpose");
    } else {
      socket_.send(share(std::move(message)));
    }
  }
  void on_closed() override { ++owner_.closed; }

 private:
  TestHandler& owner_;
  WebSocket& socket_;
  std::string route_;
};

}  // namespace

std::size_t TestHandler::body_bytes_max(std::string_view, std::string_view) const {
  return kBodyBytesMax;
}

Task<Response> TestHandler::handle(Request request) {
  ++requests;
  if (request.path == "/api/v1/echo") co_return Response{200, {}, std::move(request.body)};
  if (request.path == "/api/v1/held") co_return co_await held(std::move(request));
  if (request.path == "/api/v1/throw") throw std::runtime_error("on purpose");
  if (request.path == "/api/v1/nothing") co_return Response::empty(204);
  if (request.path == "/api/v1/big") co_return Response{200, {}, Bytes(kBigBytes, 'b')};
  if (request.path == "/api/v1/image") {
    Response response{200, {}, "png"};
    response.with("Content-Security-Policy", "sandbox").with("Broken", "a\r\nInjected: yes");
    co_return response;
  }
  if (request.path == "/api/v1/request") {
    std::string text = request.method + ' ' + request.peer + (request.tls ? " tls" : " plain");
    for (const auto& [key, value] : request.query) text.append(" ").append(key).append("=").append(value);
    co_return Response{200, {}, text};
  }
  if (request.path.starts_with("/api/v1/hello")) co_return Response::json(200, "{}");
  co_return refusal(404, "route_not_found", request);
}

Task<Response> TestHandler::held(Request request) {
  const auto timer = std::make_shared<asio::steady_timer>(request.shard->executor(), TimePoint::max());
  {
    const std::lock_guard lock(mutex_);
    held_.emplace_back(request.shard, timer);
  }
  static_cast<void>(co_await timer->async_wait(kAwait));
  co_return Response::json(200, "{\"held\":true}");
}

void TestHandler::release() {
  const std::lock_guard lock(mutex_);
  for (auto& [shard, timer] : held_) {
    shard->post([timer = timer] { timer->cancel(); });
  }
  held_.clear();
}

Task<std::variant<Response, Upgrade>> TestHandler::upgrade(Request request) {
  ++requests;
  if (!request.path.starts_with("/collab/")) co_return refusal(404, "route_not_found", request);
  if (request.path == "/collab/denied") co_return refusal(403, "denied", request);
  Upgrade upgrade;
  if (request.header("Sec-WebSocket-Protocol") == "cluse.ack.1") upgrade.subprotocol = "cluse.ack.1";
  upgrade.message_bytes_max = kMessageBytesMax;
  upgrade.attach = [this, route = request.path](WebSocket& socket) -> std::unique_ptr<WebSocketHandler> {
    return std::make_unique<TestSocket>(*this, socket, route);
  };
  co_return upgrade;
}

Response TestHandler::refusal(int status, std::string_view code, const Request& request) const {
  Response response{status, {}, "{\"code\":\"" + std::string(code) + "\",\"id\":\"" + request.id + "\"}"};
  return response.with("Content-Type", "application/problem+json");
}

void TestHandler::wait_for_requests(int n) {
  wait_until([&] { return requests >= n; });
}

void TestHandler::wait_for_closed(int n) {
  wait_until([&] { return closed >= n; });
}

ServerOptions TestServer::small() {
  ServerOptions options;
  options.port = 0;
  options.limits.linger_timeout = std::chrono::milliseconds(200);
  options.limits.close_timeout = std::chrono::milliseconds(300);
  options.limits.stop_timeout = std::chrono::milliseconds(5'000);
  return options;
}

TestServer::TestServer(ServerOptions options) : server(std::move(options), shards, workers, handler, metrics) {
  set_log_level(LogLevel::error);
  const auto started = server.start();
  EXPECT_TRUE(started) << (started ? "" : started.error().detail);
  shards.run();
}

TestServer::~TestServer() {
  handler.release();
  server.stop();
  workers.stop();
  shards.stop();
}

std::uint64_t TestServer::refused(const std::string& limit) {
  return metrics.counter("cluse_net_refused_total", "", "limit=\"" + limit + "\"").value();
}

std::int64_t TestServer::connections() {
  return metrics.gauge("cluse_net_connections", "").value();
}

void TestServer::wait_for_connections(std::int64_t n) {
  wait_until([&] { return connections() == n; });
}

struct Client::Encryption {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};
};

Client::Client(std::uint16_t port, Tls tls, int receive_buffer) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience{kPatienceSeconds, 0};
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer > 0) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  open_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (tls == Tls::none || !open_) return;
  tls_ = std::make_unique<Encryption>();
  const int version = tls == Tls::v12 ? TLS1_2_VERSION : TLS1_3_VERSION;
  SSL_CTX_set_min_proto_version(tls_->context.get(), version);
  SSL_CTX_set_max_proto_version(tls_->context.get(), version);
  tls_->ssl.reset(SSL_new(tls_->context.get()));
  SSL_set_fd(tls_->ssl.get(), descriptor_);
  open_ = SSL_connect(tls_->ssl.get()) == 1;
}

Client::~Client() {
  tls_.reset();
  ::close(descriptor_);
}

bool Client::send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t n = tls_ ? SSL_write(tls_->ssl.get(), octets.data(), static_cast<int>(octets.size()))
                           : ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool Client::fill() {
  char piece[65536];
  const ssize_t n = tls_ ? SSL_read(tls_->ssl.get(), piece, sizeof piece) : ::recv(descriptor_, piece, sizeof piece, 0);
  EXPECT_FALSE(n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && !tls_) << "nothing came for ten seconds";
  if (n > 0) input_.append(piece, static_cast<std::size_t>(n));
  return n > 0;
}

Answer Client::read_answer(bool head_only) {
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  std::string_view head = std::string_view(input_).substr(0, end + 2);
  Answer answer;
  answer.status = std::stoi(std::string(next_item(head, '\n').substr(9, 3)));
  while (!head.empty()) {
    std::string_view line = next_item(head, '\n');
    line.remove_suffix(1);
    std::string name(next_item(line, ':'));
    for (char& c : name) c = lower(c);
    answer.headers[name] = trimmed(line);
  }
  input_.erase(0, end + 4);
  const auto length = answer.headers.find("content-length");
  if (!head_only && length != answer.headers.end()) answer.body = read(std::stoul(length->second));
  return answer;
}

Answer Client::get(const std::string& target, const std::string& headers) {
  send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n");
  return read_answer();
}

bool Client::is_ended() {
  while (fill()) {}
  return !tls_ || SSL_get_error(tls_->ssl.get(), 0) != SSL_ERROR_WANT_READ;
}

std::string Client::read_all() {
  while (fill()) {}
  return std::exchange(input_, {});
}

void Client::end_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

std::string Client::read(std::size_t bytes) {
  while (input_.size() < bytes && fill()) {}
  std::string octets = input_.substr(0, bytes);
  input_.erase(0, octets.size());
  return octets;
}

std::string Client::tls_version() const {
  return SSL_get_version(tls_->ssl.get());
}

std::string Client::certificate_name() const {
  X509* certificate = SSL_get0_peer_certificate(tls_->ssl.get());
  char name[64] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return name;
}

bool Client::agrees_on(int version, const char* ciphers) {
  tls_ = std::make_unique<Encryption>();
  SSL_CTX_set_min_proto_version(tls_->context.get(), version);
  SSL_CTX_set_max_proto_version(tls_->context.get(), version);
  SSL_CTX_set_cipher_list(tls_->context.get(), ciphers);
  tls_->ssl.reset(SSL_new(tls_->context.get()));
  SSL_set_fd(tls_->ssl.get(), descriptor_);
  return SSL_connect(tls_->ssl.get()) == 1;
}

int Frame::close_code() const {
  if (opcode != kClose || payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

std::string websocket_request(const std::string& path, const std::string& headers) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         headers + "\r\n";
}

SocketClient::SocketClient(std::uint16_t port, const std::string& path, Client::Tls tls, const std::string& headers,
                           int receive_buffer)
    : connection(port, tls, receive_buffer) {
  connection.send(websocket_request(path, headers));
  handshake = connection.read_answer(true);
}

bool SocketClient::send(int opcode, std::string_view payload, bool final) {
  constexpr std::string_view kMask = "mask";
  std::string frame(1, static_cast<char>(opcode | (final ? 0x80 : 0)));
  const std::size_t size = payload.size();
  const int octets = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
  frame += static_cast<char>(0x80 | (octets == 0 ? size : octets == 2 ? 126U : 127U));
  for (int shift = octets * 8 - 8; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift);
  frame += kMask;
  for (std::size_t i = 0; i < size; ++i) frame += static_cast<char>(payload[i] ^ kMask[i % 4]);
  return connection.send(frame);
}

Frame SocketClient::read() {
  const std::string start = connection.read(2);
  if (start.size() < 2) return {};
  Frame frame;
  frame.opcode = start[0] & 0x0f;
  frame.final = (start[0] & 0x80) != 0;
  EXPECT_EQ(start[1] & 0x80, 0) << "a server does not mask";
  std::uint64_t size = static_cast<unsigned char>(start[1]);
  if (size >= 126) {
    const std::string length = connection.read(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : length) size = size << 8 | static_cast<unsigned char>(c);
  }
  frame.payload = connection.read(size);
  return frame;
}

Frame SocketClient::read_data() {
  Frame frame = read();
  while (frame.opcode == kPing || frame.opcode == kPong) frame = read();
  return frame;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "net_test_XXXXXX").string();
  path_ = ::mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryFolder::write(const std::string& name, std::string_view octets) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << octets;
}

void write_certificate(const TemporaryFolder& folder, const std::string& name) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> key_file(std::fopen((folder.path() / "key.pem").c_str(), "w"));
  PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen((folder.path() / "certificate.pem").c_str(), "w"));
  PEM_write_X509(file.get(), certificate.get());
}

}  // namespace cluse::net::testing
