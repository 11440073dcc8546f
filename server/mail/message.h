// Message: one letter to one person, before it is put into the form of a mail. And Outbox, the seam to whoever sends
// it.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"

#include <optional>
#include <string>

namespace cluse::mail {

/// Everything is UTF-8; lines of `text` end with \n. Nothing here needs to be free of line breaks: composing sees to
/// it.
struct Message {
  std::string key;  ///< what makes it the same message: the second one with this key is not queued. "invitation <id>"
  std::string to;   ///< the mailbox
  std::string to_name;   ///< may be empty
  std::string language;  ///< of its words: "fr" or "de"
  std::string subject, text, html;
  std::string thread;  ///< key of the conversation that it belongs to, or empty: replies show below one another
  std::string unsubscribe_url;        ///< where nobody asked for this very message; else empty
  std::optional<Instant> expires_at;  ///< after it there is no point in sending any more (a link that is over)
};

/// Takes messages that will be sent later. Thread: any but a shard (blocks until the message is on disk).
class Outbox {
 public:
  virtual ~Outbox() = default;
  /// False: no mail server is configured; links are then copied by hand. Never blocks.
  [[nodiscard]] virtual bool is_on() const = 0;
  /// After it returned without an error, the message survives a crash. The same key again changes nothing. Codes:
  /// "mail_off", "mail_address_wrong", "mail_too_large", "mail_queue_full", "storage_full", "storage_error".
  [[nodiscard]] virtual Result<void> put(const Message& message) = 0;
};

}  // namespace cluse::mail
