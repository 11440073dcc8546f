#include "server/plugin/services/catalogues.h"

#include "server/plugin/names.h"

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

namespace cluse::plugin {
namespace {

constexpr std::string_view kCode = "plugin_catalogue_wrong";

using Names = std::set<std::string>;

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool is_german(std::string_view locale) {
  return locale.starts_with("de");
}

icu::Locale icu_locale(std::string_view locale) {
  if (locale == "fr-CH") return {"fr", "CH"};
  if (locale == "de-CH") return {"de", "CH"};
  return is_german(locale) ? icu::Locale("de", "DE") : icu::Locale("fr", "FR");
}

// A quote right before a brace makes text of it, which in «d'{name}» nobody means.
bool quotes_a_brace(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\'' && text[i + 1] == '{' && (i == 0 || text[i - 1] != '\'')) return true;
  return false;
}

/// The names in a message; what is wrong with it goes to `why`.
std::optional<Names> names_in(const std::string& message, std::string& why) {
  if (quotes_a_brace(message)) {
    why = "a quote before { makes text of it: write ’";
    return std::nullopt;
  }
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  const icu::MessagePattern pattern(from_utf8(message), &where, status);
  if (U_FAILURE(status)) {
    why = "is no message, from character " + std::to_string(where.offset) + " on";
    return std::nullopt;
  }
  Names names;
  for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
    const auto& part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) {
      const auto kind = part.getArgType();
      if (kind != UMSGPAT_ARG_TYPE_NONE && kind != UMSGPAT_ARG_TYPE_PLURAL && kind != UMSGPAT_ARG_TYPE_SELECT)
        why = "only {name}, plural and select are allowed";
    }
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER) why = "arguments have names, not numbers";
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_NAME) names.insert(to_utf8(pattern.getSubstring(part)));
  }
  if (names.size() > kMessageArgumentsMax) why = "has too many arguments: 30 at most";
  if (!why.empty()) return std::nullopt;
  return names;
}

std::unexpected<Error> wrong(const std::string& file, const std::string& words) {
  return fail(Errc::invalid, kCode, file + ": " + words);
}

Result<Catalogues::Messages> read_file(const std::filesystem::path& path) {
  const std::string file = "i18n/" + path.filename().string();
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return wrong(file, "cannot be read");
  if (size > kCatalogueBytesMax) return wrong(file, "is larger than 1 MiB");
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  const auto value = Value::from_json(text.str());
  if (!value || !value->is_map()) return wrong(file, "is no JSON map of keys to messages, or a key stands twice");
  if (value->entries().size() > kCatalogueKeysMax) return wrong(file, "has too many keys: 5000 at most");
  Catalogues::Messages messages;
  for (const auto& [key, message] : value->entries()) {
    const auto words = message.get<std::string>();
    if (!is_word(key, "-_.") || key.size() > 100)
      return wrong(file, '"' + key + "\": a-z, 0-9, -, _ and dots are allowed");
    if (!words || words->empty() || words->size() > kSentenceBytesMax)
      return wrong(file, '"' + key + "\" is no text of 1 to 4000 bytes");
    messages[key] = *words;
  }
  return messages;
}

// Each key stands in both, and says the same names.
Result<void> compare(const Catalogues::Messages& one, const Catalogues::Messages& other, const std::string& file,
                     const std::string& other_file) {
  for (const auto& [key, message] : one) {
    const auto twin = other.find(key);
    if (twin == other.end()) return wrong(other_file, '"' + key + "\" is missing, and stands in " + file);
    std::string why, ignored;
    const auto names = names_in(message, why);
    if (!names) return wrong(file, '"' + key + "\": " + why);
    const auto others = names_in(twin->second, ignored);
    if (others && *names != *others) return wrong(file, '"' + key + "\" has other arguments than in " + other_file);
  }
  return {};
}

std::optional<icu::Formattable> formattable(const Value& value) {
  if (const auto text = value.get<std::string_view>())
    return text->size() > kArgumentBytesMax ? std::nullopt : std::optional(icu::Formattable(from_utf8(*text)));
  if (const auto whole = value.get<std::int64_t>()) return icu::Formattable(*whole);
  if (const auto real = value.get<double>()) return icu::Formattable(*real);
  if (const auto flag = value.get<bool>()) return icu::Formattable(*flag ? "true" : "false");
  return std::nullopt;
}

}  // namespace

Result<Catalogues> Catalogues::read(const std::filesystem::path& folder) {
  Catalogues out;
  std::error_code none;
  if (!std::filesystem::exists(folder / "i18n", none)) return out;
  CLUSE_TRY(french, read_file(folder / "i18n" / "fr.json"));
  CLUSE_TRY(german, read_file(folder / "i18n" / "de.json"));
  CLUSE_CHECK(compare(french, german, "i18n/fr.json", "i18n/de.json"));
  CLUSE_CHECK(compare(german, french, "i18n/de.json", "i18n/fr.json"));
  out.french_ = std::move(french);
  out.german_ = std::move(german);
  return out;
}

const Catalogues::Messages& Catalogues::messages(std::string_view locale) const {
  return is_german(locale) ? german_ : french_;
}

Result<std::string> Catalogues::text(std::string_view locale, std::string_view key, const Value& args) const {
  const auto& all = messages(locale);
  const auto found = all.find(key);
  if (found == all.end()) return fail(Errc::not_found, "plugin_sentence_unknown", std::string(key));
  const auto wrong = [&](std::string_view words) {
    return fail(Errc::invalid, "plugin_sentence_input", std::string(key) + ": " + std::string(words));
  };
  if (args.entries().size() > kMessageArgumentsMax) return wrong("has too many arguments");
  std::string why;
  const auto wanted = names_in(found->second, why);
  if (!wanted) return wrong(why);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const std::string& name : *wanted) {
    auto value = formattable(args[name]);
    if (!value) return wrong("\"" + name + "\" is missing, or no text or number");
    names.push_back(from_utf8(name));
    values.push_back(std::move(*value));
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(from_utf8(found->second), icu_locale(locale), status);
  icu::UnicodeString out;
  if (U_SUCCESS(status))
    format.format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), out, status);
  if (U_FAILURE(status)) return wrong(std::string("cannot be said: ") + u_errorName(status));
  return to_utf8(out);
}

}  // namespace cluse::plugin
