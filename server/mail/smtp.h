// Smtp: one conversation with the mail server. The only place that knows libcurl.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cluse::mail {

enum class Encryption {
  starttls,  ///< asked for and required: a server without it gets nothing
  tls,       ///< from the first byte (port 465)
  none,      ///< for a server on the same machine
};

struct SmtpServer {
  std::string host;  ///< empty: no mail
  std::uint16_t port = 587;
  Encryption encryption = Encryption::starttls;
  std::string user, password;                                    ///< empty user: no authentication
  std::string ca_file;                                           ///< certificates to trust instead of the system's
  std::chrono::milliseconds timeout = std::chrono::seconds(60);  ///< of one whole conversation
};

/// What went wrong, at which step.
enum class Trouble {
  none,
  name_not_found,
  unreachable,
  timed_out,
  tls,
  authentication,
  sender_refused,
  recipient_refused,
  message_refused,
  conversation,  ///< anything else the two did not agree on
  stopped,       ///< by us
};

/// "authentication": for logs and metrics.
[[nodiscard]] std::string_view to_text(Trouble trouble);

struct Attempt {
  Trouble trouble = Trouble::none;
  int answer = 0;     ///< the server's last status, or 0
  std::string words;  ///< the server's own, or the library's; one line, at most 500 bytes

  [[nodiscard]] bool is_sent() const { return trouble == Trouble::none; }
  /// The server will never take this message (5xx about the recipient or the content).
  [[nodiscard]] bool is_final() const;
  /// Another message would fare the same: the server or the settings are at fault.
  [[nodiscard]] bool concerns_all() const;
};

/// What an operator should look at, in words, for `attempt` with these settings.
[[nodiscard]] std::string advice(const Attempt& attempt, const SmtpServer& server);

/// Keeps its connection open between messages. Thread: one; `stop` any.
class Smtp {
 public:
  explicit Smtp(SmtpServer server);
  ~Smtp();

  /// Blocks for at most the timeout. The addresses are sendable (compose.h).
  [[nodiscard]] Attempt send(const std::string& from, const std::string& to, const std::string& mail);
  /// Closes the connection until there is something to send again.
  void rest();
  /// Ends a running `send`, unless the message is on its way already; later ones answer `stopped`.
  void stop() { stopping_ = true; }

 private:
  struct Handle;
  // Fixed at construction
  const SmtpServer server_;
  // The caller's thread
  std::unique_ptr<Handle> handle_;
  // Any thread
  std::atomic<bool> stopping_ = false;
};

}  // namespace cluse::mail
