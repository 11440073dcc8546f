#include "server/api/client_words.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <utility>

namespace cluse::api {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "0.8" → 800; anything else that is not a weight counts as 1.
int weight_of(std::string_view parameter) {
  if (!parameter.starts_with("q=") || parameter.size() < 3) return 1000;
  if (parameter[2] != '0') return 1000;
  int weight = 0, unit = 100;
  for (const char c : parameter.substr(std::min<std::size_t>(parameter.size(), 4))) {
    if (c < '0' || c > '9' || unit == 0) break;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight;
}

std::optional<Language> language_of(std::string_view tag) {
  if (tag.size() < 2 || (tag.size() > 2 && tag[2] != '-')) return std::nullopt;
  const char a = static_cast<char>(tag[0] | 0x20), b = static_cast<char>(tag[1] | 0x20);
  if (a == 'f' && b == 'r') return Language::fr;
  if (a == 'd' && b == 'e') return Language::de;
  return std::nullopt;
}

using Word = std::pair<std::string_view, std::string_view>;  // what the header holds, what we say

// Order matters: most browsers also claim to be those further down.
constexpr Word kBrowsers[] = {{"Edg/", "Edge"},          {"OPR/", "Opera"},     {"SamsungBrowser/", "Samsung Internet"},
                              {"Firefox/", "Firefox"},   {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
                              {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}};
constexpr Word kSystems[] = {{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iPadOS"},
                             {"Mac OS X", "macOS"},  {"CrOS", "ChromeOS"},   {"Linux", "Linux"}};

template <std::size_t n>
std::string_view first_of(std::string_view text, const Word (&words)[n]) {
  for (const auto& [sign, word] : words)
    if (text.find(sign) != std::string_view::npos) return word;
  return {};
}

// The first product of the header ("curl/7.88.1" → "curl"), if it is a plain word.
std::string product(std::string_view user_agent) {
  std::string word;
  for (const char c : user_agent.substr(0, 40)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') break;
    word += c;
  }
  return word;
}

}  // namespace

Language choose_language(std::string_view accept_language) {
  Language best = Language::fr;
  int best_weight = 0;
  std::string_view rest = accept_language.substr(0, 500);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const std::string_view item = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    const auto language = language_of(trimmed(item.substr(0, semicolon)));
    const int weight = weight_of(trimmed(item.substr(std::min(semicolon + 1, item.size()))));
    if (language && weight > best_weight) {
      best = *language;
      best_weight = weight;
    }
  }
  return best;
}

std::string device_words(std::string_view user_agent) {
  const std::string_view text = user_agent.substr(0, 400);
  std::string words(first_of(text, kBrowsers));
  if (words.empty()) words = product(text);
  const std::string_view system = first_of(text, kSystems);
  if (!system.empty()) words.append(words.empty() ? "" : ", ").append(system);
  return words;
}

}  // namespace cluse::api
