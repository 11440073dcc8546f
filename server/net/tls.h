// Certificates: the TLS context of new connections, and its replacement while old ones live on.
#pragma once

#include "server/base/result.h"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>
#include <mutex>

namespace cluse::net {

/// Thread: any. A connection keeps the context that it began with.
class Certificates {
 public:
  Certificates(std::filesystem::path certificate, std::filesystem::path private_key);

  /// Reads both files and, if they fit, makes them those of new connections. An expired certificate is taken at start,
  /// with a line in the log, and does not replace another. Code: "certificate_invalid".
  Result<void> load();
  /// Requires: `load` has succeeded once.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> current() const;
  /// True if a file is another than at the last `load`, whether that succeeded or not.
  [[nodiscard]] bool has_changed() const;

 private:
  using Stamp = std::pair<std::filesystem::file_time_type, std::filesystem::file_time_type>;
  [[nodiscard]] Stamp stamp() const;

  // Fixed at construction
  const std::filesystem::path certificate_;
  const std::filesystem::path private_key_;
  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> current_;
  Stamp loaded_;
};

}  // namespace cluse::net
