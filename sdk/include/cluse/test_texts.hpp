// SPDX-License-Identifier: Apache-2.0
//
// The catalogues of a plugin under test, and as much of ICU's messages as a host allows: {name}, plural and select.
// Part of test.hpp, which brings it along. Misuse throws std::logic_error.
#pragma once

#include <cluse/value.hpp>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cluse::test::detail {

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::logic_error("cluse::test: " + file.string() + " cannot be read");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// One message with its arguments put in. What lacks or cannot be read throws std::invalid_argument.
class Message {
 public:
  Message(std::string_view pattern, std::string_view locale, const Value& args)
      : rest_(pattern), locale_(locale), args_(args) {}

  std::string render() {
    std::string out = text(std::nullopt, true);
    if (!rest_.empty()) throw std::invalid_argument("a brace that closes nothing");
    return out;
  }

 private:
  /// Up to the brace that closes it, or the end; "#" is `number` where there is one.
  std::string text(std::optional<std::int64_t> number, bool is_shown) {
    std::string out;
    while (!rest_.empty() && rest_.front() != '}') {
      const char c = take();
      if (c == '\'' && rest_.starts_with('\'')) out += take();
      else if (c == '\'' && (rest_.starts_with('{') || rest_.starts_with('}')))
        throw std::invalid_argument("a quote before a brace makes text of it");
      else if (c == '#' && number) out += shown(*number);
      else if (c == '{') out += argument(is_shown);
      else out += c;
    }
    return out;
  }
  std::string argument(bool is_shown) {
    const std::string name = word();
    if (rest_.starts_with('}')) {
      take();
      return is_shown ? shown(args_[name]) : "";
    }
    expect(',');
    const std::string kind = word();
    expect(',');
    if (kind != "plural" && kind != "select") throw std::invalid_argument("only {name}, plural and select are allowed");
    return branches(name, kind == "plural", is_shown);
  }
  std::string branches(const std::string& name, bool is_plural, bool is_shown) {
    const Value& value = args_[name];
    if (is_shown && value.is_null()) throw std::invalid_argument("\"" + name + "\" is missing");
    const auto number = is_plural ? value.get<std::int64_t>() : std::nullopt;
    std::map<std::string, std::string> found;
    for (std::string key = word(); !key.empty(); key = word()) {
      expect('{');
      const bool wanted = is_shown && is_chosen(key, value, number);
      std::string words = text(number, wanted);
      expect('}');
      if (wanted) found.emplace(key.starts_with('=') ? "=" : key == "other" ? "z" : "m", std::move(words));
    }
    expect('}');
    if (is_shown && found.empty()) throw std::invalid_argument("\"" + name + "\" has no branch \"other\"");
    return is_shown ? found.begin()->second : "";
  }
  [[nodiscard]] bool is_chosen(const std::string& key, const Value& value, std::optional<std::int64_t> number) const {
    if (key == "other") return true;
    if (!number) return value.get_or<std::string>("") == key;
    if (key.starts_with('=')) return key.substr(1) == std::to_string(*number);
    const bool is_one = *number == 1 || (*number == 0 && !locale_.starts_with("de"));
    return key == "one" && is_one;
  }
  [[nodiscard]] std::string shown(const Value& value) const {
    if (const auto text = value.get<std::string>()) return *text;
    const auto whole = value.get<std::int64_t>();
    if (!whole) throw std::invalid_argument("an argument is missing, or no text or whole number");
    std::string digits = std::to_string(*whole), out;
    const std::size_t sign = digits.front() == '-' ? 1 : 0;
    const char* group = locale_ == "de-CH" ? "’" : locale_.starts_with("de") ? "." : "\u202f";
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if (i > sign && (digits.size() - i) % 3 == 0) out += group;
      out += digits[i];
    }
    return out;
  }
  std::string word() {
    skip();
    const auto end = std::min(rest_.find_first_of("{}, \t\r\n"), rest_.size());
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(end);
    skip();
    return out;
  }
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void expect(char c) {
    skip();
    if (!rest_.starts_with(c)) throw std::invalid_argument(std::string("\"") + c + "\" is expected");
    take();
  }

  std::string_view rest_, locale_;
  const Value& args_;
};

/// i18n/fr.json and i18n/de.json, if there are any.
class Texts {
 public:
  explicit Texts(const std::filesystem::path& folder) {
    for (const char* language : {"fr", "de"}) {
      const auto file = folder / "i18n" / (std::string(language) + ".json");
      if (!std::filesystem::exists(file)) continue;
      const auto read = Value::from_json(text_of(file));
      if (!read || !read->is_map()) throw std::logic_error("cluse::test: " + file.string() + " is no map of messages");
      for (const auto& [key, words] : read->entries()) all_[language][key] = words.as<std::string>();
    }
    for (const auto& [key, words] : all_["fr"])
      if (!all_["de"].contains(key)) throw std::logic_error("cluse::test: i18n/de.json lacks \"" + key + "\"");
    for (const auto& [key, words] : all_["de"])
      if (!all_["fr"].contains(key)) throw std::logic_error("cluse::test: i18n/fr.json lacks \"" + key + "\"");
  }
  [[nodiscard]] bool has(const std::string& key) const { return all_.at("fr").contains(key); }
  /// Requires: has(key). Throws std::invalid_argument.
  [[nodiscard]] std::string text(std::string_view locale, const std::string& key, const Value& args) const {
    return Message(all_.at(locale.starts_with("de") ? "de" : "fr").at(key), locale, args).render();
  }

 private:
  std::map<std::string, std::map<std::string, std::string>> all_;
};

}  // namespace cluse::test::detail
