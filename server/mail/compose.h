// Composing: a Message in the form that travels (RFC 5322, MIME). Written here because it is short and must be right:
// an independent parser checks it in tests/protocol/mail.test.mjs.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/mail/message.h"

#include <string>
#include <string_view>

namespace cluse::mail {

struct Sender {
  std::string address;  ///< "cluse@example.org"
  std::string name;     ///< shown beside it
};

/// The whole mail, lines ending with CRLF: a text and an HTML part, quoted-printable. The same message gives the same
/// Message-ID, so that a second delivery after a crash can be told from a second message. `token` (token.h) stands in
/// it, so that what comes back is known by it; without one it is made of the key alone. Code "mail_address_wrong".
/// Thread: any.
[[nodiscard]] Result<std::string> compose(const Message& message, const Sender& sender, Instant now,
                                          const std::string& token = {});

/// Whether `address` can stand between < and > of a mail and of SMTP: printable ASCII with one @ inside.
[[nodiscard]] bool is_sendable(std::string_view address);

/// A header's words (RFC 2047): plain where they are plain ASCII, else encoded words of at most 75 characters each.
/// Line breaks and other control characters become spaces: nothing that people write can start another header.
[[nodiscard]] std::string header_words(std::string_view utf8);

/// RFC 2045, lines of at most 76 characters, CRLF.
[[nodiscard]] std::string quoted_printable(std::string_view utf8);

/// "Sun, 22 Nov 2026 09:30:00 +0000".
[[nodiscard]] std::string mail_date(Instant at);

/// The base64 of RFC 2045, with padding and without line breaks.
[[nodiscard]] std::string to_base64(std::string_view bytes);

}  // namespace cluse::mail
