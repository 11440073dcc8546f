#include "server/domain/rules/catalogue.h"

#include "server/domain/data_file/fields.h"

#include <unicode/datefmt.h>
#include <unicode/decimfmt.h>
#include <unicode/msgfmt.h>
#include <unicode/numberformatter.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <chrono>

namespace cluse::domain::rules {
namespace {

constexpr std::string_view kCode = "rule_messages_malformed";

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::Locale icu_locale(Locale locale) {
  switch (locale) {
    case Locale::fr_ch: return {"fr", "CH"};
    case Locale::de_ch: return {"de", "CH"};
    case Locale::fr_fr: break;
  }
  return {"fr", "FR"};
}

bool german(Locale locale) {
  return locale == Locale::de_ch;
}

/// "35 000,00 €", "35’000.00 CHF": as ICU gives it.
std::string shown(Amount amount, Locale locale) {
  UErrorCode status = U_ZERO_ERROR;
  const char* code = amount.currency == Currency::eur ? "EUR" : "CHF";
  char digits[32];
  const auto size =
      static_cast<std::uint64_t>(amount.minor < 0 ? -(amount.minor + 1) + std::uint64_t{1} : amount.minor);
  std::snprintf(digits, sizeof digits, "%s%llu.%02llu", amount.minor < 0 ? "-" : "",
                static_cast<unsigned long long>(size / 100), static_cast<unsigned long long>(size % 100));
  const auto formatted = icu::number::NumberFormatter::withLocale(icu_locale(locale))
                             .unit(icu::CurrencyUnit(icu::StringPiece(code), status))
                             .formatDecimal(digits, status);
  return U_SUCCESS(status) ? to_utf8(formatted.toString(status)) : std::string(digits) + ' ' + code;
}

/// "27 mars 2017", "27. März 2017".
std::string shown(Date date, Locale locale) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::DateFormat> format(
      icu::DateFormat::createDateInstance(icu::DateFormat::kLong, icu_locale(locale)));
  if (format == nullptr) return calendar::to_string(date);
  format->setTimeZone(*icu::TimeZone::getGMT());
  const std::chrono::milliseconds at = std::chrono::sys_days(date).time_since_epoch();
  icu::UnicodeString out;
  format->format(static_cast<UDate>(at.count()), out, nullptr, status);
  return U_SUCCESS(status) ? to_utf8(out) : calendar::to_string(date);
}

std::string shown(Share share, Locale locale) {
  UErrorCode status = U_ZERO_ERROR;
  const auto formatted = icu::number::NumberFormatter::withLocale(icu_locale(locale))
                             .unit(icu::MeasureUnit::getPercent())
                             .formatDecimal(std::to_string(share.basis_points) + "e-2", status);
  return U_SUCCESS(status) ? to_utf8(formatted.toString(status)) : std::to_string(share.basis_points);
}

/// The names a pattern wants, sorted; nothing if ICU cannot read it.
std::optional<std::vector<std::string>> names_in(const std::string& pattern, const char* language) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  icu::MessageFormat format(from_utf8(pattern), icu::Locale(language), where, status);
  if (U_FAILURE(status)) return std::nullopt;
  const std::unique_ptr<icu::StringEnumeration> names(format.getFormatNames(status));
  std::vector<std::string> out;
  while (U_SUCCESS(status) && names != nullptr) {
    const icu::UnicodeString* name = names->snext(status);
    if (name == nullptr) break;
    out.push_back(to_utf8(*name));
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

const char* summary_of(const Verdict& verdict) {
  if (verdict.rules.empty()) return "summary_nothing";
  switch (verdict.outcome) {
    case Outcome::met: return "summary_met";
    case Outcome::warned: return "summary_warned";
    case Outcome::unknown: return "summary_unknown";
    case Outcome::broken: break;
  }
  return "summary_broken";
}

}  // namespace

Result<Catalogue> Catalogue::load(const std::filesystem::path& file) {
  CLUSE_TRY(files, data_file::read_folder(file.parent_path()));
  const auto found = std::ranges::find(files, file.filename().string(), &data_file::File::name);
  if (found == files.end()) return fail(Errc::not_found, "data_file_unreadable", file.string() + ": cannot be opened");
  return read(*found);
}

Result<Catalogue> Catalogue::read(const data_file::File& file) {
  CLUSE_TRY(tree, data_file::parse(file.text, file.name, kCode));
  data_file::Complaints complaints(file.name, kCode);
  data_file::Fields fields(tree, "", 1, complaints);
  Catalogue catalogue;
  for (data_file::Fields& entry : fields.tables("message")) {
    const std::string id = entry.text("id");
    Words words{entry.text("fr"), entry.text("de"), {}};
    const auto fr = names_in(words.fr, "fr");
    const auto de = names_in(words.de, "de");
    if (!fr || !de) entry.complain(fr ? "de" : "fr", "is not a pattern that ICU can read");
    if (fr && de && *fr != *de) entry.complain("de", "wants other arguments than fr");
    words.arguments = fr.value_or(std::vector<std::string>{});
    if (!catalogue.messages_.emplace(id, std::move(words)).second) entry.complain("id", "stands twice");
    entry.finish();
  }
  for (data_file::Fields& entry : fields.tables("label")) {
    const std::string key = entry.text("key");
    if (!catalogue.labels_.emplace(key, Bilingual{entry.text("fr"), entry.text("de")}).second) {
      entry.complain("key", "stands twice");
    }
    entry.finish();
  }
  fields.finish();
  CLUSE_CHECK(complaints.result());
  return catalogue;
}

std::map<std::string, std::vector<std::string>> Catalogue::arguments() const {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& [id, words] : messages_) out.emplace(id, words.arguments);
  return out;
}

std::string Catalogue::label(const std::string& key, Locale locale) const {
  const auto found = labels_.find(key);
  if (found == labels_.end()) return key;
  return german(locale) ? found->second.de : found->second.fr;
}

std::string Catalogue::shown(const Argument& value, Locale locale) const {
  struct Words {
    const Catalogue& catalogue;
    Locale locale;
    std::string operator()(std::int64_t number) const {
      UErrorCode status = U_ZERO_ERROR;
      const auto formatted = icu::number::NumberFormatter::withLocale(icu_locale(locale)).formatInt(number, status);
      return U_SUCCESS(status) ? to_utf8(formatted.toString(status)) : std::to_string(number);
    }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(Date date) const { return rules::shown(date, locale); }
    std::string operator()(Amount amount) const { return rules::shown(amount, locale); }
    std::string operator()(Share share) const { return rules::shown(share, locale); }
    std::string operator()(const Label& label) const { return catalogue.label(label.key, locale); }
    std::string operator()(const Bilingual& name) const { return german(locale) ? name.de : name.fr; }
  };
  return std::visit(Words{*this, locale}, value);
}

std::string Catalogue::sentence(const Reason& reason, Locale locale) const {
  const auto found = messages_.find(reason.id);
  if (found == messages_.end()) return reason.id;
  struct Value {
    const Catalogue& catalogue;
    Locale locale;
    icu::Formattable operator()(std::int64_t number) const { return icu::Formattable(number); }
    icu::Formattable operator()(const std::string& text) const { return icu::Formattable(from_utf8(text)); }
    icu::Formattable operator()(Date date) const { return (*this)(rules::shown(date, locale)); }
    icu::Formattable operator()(Amount amount) const { return (*this)(rules::shown(amount, locale)); }
    icu::Formattable operator()(Share share) const { return (*this)(rules::shown(share, locale)); }
    icu::Formattable operator()(const Label& label) const { return (*this)(catalogue.label(label.key, locale)); }
    icu::Formattable operator()(const Bilingual& name) const { return (*this)(german(locale) ? name.de : name.fr); }
  };
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, argument] : reason.arguments) {
    names.push_back(from_utf8(name));
    values.push_back(std::visit(Value{*this, locale}, argument));
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::string& pattern = german(locale) ? found->second.de : found->second.fr;
  const icu::MessageFormat format(from_utf8(pattern), icu_locale(locale), status);
  if (U_FAILURE(status)) return reason.id;
  icu::UnicodeString out;
  format.format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), out, status);
  return U_SUCCESS(status) ? to_utf8(out) : reason.id;
}

VerdictWords Catalogue::words(const Pack& pack, const Verdict& verdict, Locale locale) const {
  const bool de = german(locale);
  VerdictWords out;
  out.summary = sentence({summary_of(verdict)}, locale);
  out.jurist = de ? pack.jurist_de : pack.jurist_fr;
  const Bilingual name{pack.name_fr, pack.name_de};
  Reason stamp{pack.valid_until ? "pack_until" : "pack_since",
               {{"name", name}, {"version", pack.stamp.version}, {"from", pack.valid_from}}};
  if (pack.valid_until) stamp.arguments.emplace_back("until", *pack.valid_until);
  out.pack = sentence(stamp, locale);
  for (const RuleVerdict& judged : verdict.rules) {
    const Rule& rule = *judged.rule;
    RuleWords words{rule.id,
                    judged.outcome,
                    de ? rule.title_de : rule.title_fr,
                    {},
                    de ? rule.convention_de : rule.convention_fr,
                    rule.source};
    for (const Reason& reason : judged.reasons) words.sentences.push_back(sentence(reason, locale));
    out.rules.push_back(std::move(words));
  }
  return out;
}

}  // namespace cluse::domain::rules
