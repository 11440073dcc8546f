// The words of notifications: classes, levels, what is mailed when. They stand in the tables and on the wire.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain::notifications {

/// What it asks of its reader.
enum class Class : std::uint8_t {
  action,  ///< something waits for her
  info,    ///< something she follows has changed
  quiet,   ///< in the centre alone, never by mail
};
/// What one wants to hear of a workspace or document.
enum class Level : std::uint8_t { nothing, mine, everything };
inline constexpr Level kLevelByDefault = Level::mine;

enum class MailChoice : std::uint8_t { never, daily, at_once };

inline constexpr std::array<std::string_view, 3> kClassWords = {"action", "info", "quiet"};
inline constexpr std::array<std::string_view, 3> kLevelWords = {"nothing", "mine", "everything"};
inline constexpr std::array<std::string_view, 3> kMailWords = {"never", "daily", "at_once"};

[[nodiscard]] constexpr std::string_view to_text(Class value) {
  return kClassWords[static_cast<std::size_t>(value)];
}
[[nodiscard]] constexpr std::string_view to_text(Level value) {
  return kLevelWords[static_cast<std::size_t>(value)];
}
[[nodiscard]] constexpr std::string_view to_text(MailChoice value) {
  return kMailWords[static_cast<std::size_t>(value)];
}

template <class T>
[[nodiscard]] constexpr std::optional<T> parse_word(const std::array<std::string_view, 3>& words,
                                                    std::string_view text) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<T>(i);
  return std::nullopt;
}
[[nodiscard]] constexpr std::optional<Class> parse_class(std::string_view text) {
  return parse_word<Class>(kClassWords, text);
}
[[nodiscard]] constexpr std::optional<Level> parse_level(std::string_view text) {
  return parse_word<Level>(kLevelWords, text);
}
[[nodiscard]] constexpr std::optional<MailChoice> parse_mail_choice(std::string_view text) {
  return parse_word<MailChoice>(kMailWords, text);
}

/// What a person wants by mail. The defaults hold for whoever never chose.
struct MailSettings {
  MailChoice action = MailChoice::at_once;
  MailChoice info = MailChoice::daily;
  int digest_hour = 7;     ///< of the instance's clock, kDigestHourMin … kDigestHourMax
  std::string digest_day;  ///< ISO: the last day that had its digest; empty: none yet

  [[nodiscard]] MailChoice of(Class value) const {
    if (value == Class::quiet) return MailChoice::never;
    return value == Class::action ? action : info;
  }
};
/// Outside of the hours in which clocks are put forward and back.
inline constexpr int kDigestHourMin = 5, kDigestHourMax = 22;

}  // namespace cluse::domain::notifications
