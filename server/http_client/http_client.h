// HttpClient: one request to another server, with limits. Blocks: for workers.
#pragma once

#include "server/base/result.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::http_client {

struct Limits {
  std::chrono::milliseconds connect = std::chrono::seconds(5);
  std::chrono::milliseconds total = std::chrono::seconds(10);
  std::size_t body_bytes_max = 512U << 10;  ///< of an answer
};

struct Request {
  std::string url;                   ///< https, or http on this machine
  std::vector<std::string> headers;  ///< "Name: value"
  std::string form;                  ///< not empty: sent with POST as application/x-www-form-urlencoded
  std::string ca_file;               ///< certificates (PEM) to trust instead of the system's
  std::string json = {};             ///< not empty, and no form: sent with POST as application/json
};

struct Response {
  int status = 0;
  std::string content_type;  ///< without its parameters, in lower case
  std::string body;
};

/// Whether `url` may be asked at all: https, or http on this machine.
[[nodiscard]] bool is_allowed(const std::string& url);

/// `text` with everything but letters, digits and "-._~" as %XX.
[[nodiscard]] std::string escaped(std::string_view text);

/// Thread: any, concurrently; no shard.
class HttpClient {
 public:
  explicit HttpClient(Limits limits = {});

  /// Whatever status the server answered with. Codes: "address_refused" (see is_allowed), "server_unreachable" (with
  /// why in `detail`: no name, no connection, no valid certificate, too slow, too long, stopped).
  [[nodiscard]] Result<Response> fetch(const Request& request) const;

  /// Ends what is under way, and refuses the rest.
  void stop() { stopping_ = true; }

 private:
  // Fixed at construction
  const Limits limits_;
  // Synchronises itself
  std::atomic<bool> stopping_ = false;
};

}  // namespace cluse::http_client
