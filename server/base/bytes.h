// Bytes: immutable-by-convention octets, and text helpers that more than one layer needs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cluse {

/// Octets. A std::string because every library we use takes one; never assumed to be text.
using Bytes = std::string;
using BytesView = std::string_view;

/// Immutable octets shared between threads: what a frame of fan-out is made of.
using SharedBytes = std::shared_ptr<const Bytes>;

[[nodiscard]] inline SharedBytes share(Bytes bytes) {
  return std::make_shared<const Bytes>(std::move(bytes));
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(BytesView bytes);

/// URL-safe base64 without padding (RFC 4648, section 5).
[[nodiscard]] std::string to_base64url(BytesView bytes);
/// The octets that `text` stands for; nothing if it is not what to_base64url writes.
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

/// True if `text` is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

/// Fills `out` from the kernel's generator. Thread: any. Aborts if the kernel has none.
void fill_random(std::span<unsigned char> out);

}  // namespace cluse
