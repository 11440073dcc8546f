// What a client says of itself: its language and its device.
#pragma once

#include <string>
#include <string_view>

namespace cluse::api {

/// The languages that sentences exist in.
enum class Language { fr, de };

/// The best of `accept_language` (RFC 9110, section 12.5.4); French where nothing fits.
[[nodiscard]] Language choose_language(std::string_view accept_language);

/// "Firefox, Linux": enough for its owner to recognise a session. Empty for no User-Agent.
[[nodiscard]] std::string device_words(std::string_view user_agent);

}  // namespace cluse::api
