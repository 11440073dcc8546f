// From a file to a Pack. One function a kind reads its parameters; `kReaders` is the list of all kinds there are.
#include "server/domain/data_file/fields.h"
#include "server/domain/rules/pack.h"
#include "server/storage/sha256.h"

#include <algorithm>
#include <charconv>

namespace cluse::domain::rules {
namespace {

using data_file::Complaints;
using data_file::Fields;

constexpr std::string_view kMalformed = "rule_pack_malformed";
constexpr std::string_view kUnsourced = "rule_pack_unsourced";

/// "35000.00 EUR": digits, a point, two digits, a space, EUR or CHF.
std::optional<Amount> parse_amount(std::string_view text) {
  constexpr std::size_t kDigitsMax = 13;
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || space < 4 || space > kDigitsMax + 3) return std::nullopt;
  const std::string_view number = text.substr(0, space);
  const std::string_view currency = text.substr(space + 1);
  if (number[space - 3] != '.' || (currency != "EUR" && currency != "CHF")) return std::nullopt;
  std::string digits(number);
  digits.erase(space - 3, 1);
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  Amount amount{0, currency == "EUR" ? Currency::eur : Currency::chf};
  std::from_chars(digits.data(), digits.data() + digits.size(), amount.minor);
  return amount;
}

Amount read_amount(Fields& fields, std::string_view key, const std::string& text) {
  const auto amount = parse_amount(text);
  if (!amount || amount->minor == 0) fields.complain(key, "must be an amount such as \"35000.00 EUR\"");
  return amount.value_or(Amount{});
}

AmountOf read_amount_of(Fields& fields, std::string_view key) {
  return fields.choice<AmountOf>(key, {{"total_cost", AmountOf::total_cost},
                                       {"grant", AmountOf::grant},
                                       {"transport_and_meals", AmountOf::transport_and_meals}});
}

Sending::Occasion read_occasion(Fields& fields) {
  using Occasion = Sending::Occasion;
  return fields.choice_or<Occasion>("occasion", Occasion::ordinary,
                                    {{"ordinary", Occasion::ordinary}, {"urgent", Occasion::urgent}});
}

calendar::Delay read_delay(Fields& fields) {
  Fields inner = fields.table("delay");
  calendar::Delay delay;
  delay.months = static_cast<int>(inner.whole_if("months", 0, calendar::kDelayMonthsMax).value_or(0));
  delay.days = static_cast<int>(inner.whole_if("days", 0, calendar::kDelayDaysMax).value_or(0));
  delay.kind = inner.choice<calendar::DayKind>("count", {{"clear", calendar::DayKind::clear},
                                                         {"calendar", calendar::DayKind::calendar},
                                                         {"working", calendar::DayKind::working}});
  delay.extension = inner.choice_or<calendar::Extension>(
      "extension", calendar::Extension::none,
      {{"none", calendar::Extension::none}, {"next_working_day", calendar::Extension::next_working_day}});
  if (delay.months == 0 && delay.days == 0) inner.complain("days", "is missing; a delay has months or days");
  inner.finish();
  return delay;
}

RuleBody read_ceiling(Fields& fields) {
  Ceiling rule{.amount = read_amount_of(fields, "amount"), .limits = {}};
  for (const std::string& text : fields.texts("limits")) {
    const Amount limit = read_amount(fields, "limits", text);
    if (std::ranges::find(rule.limits, limit.currency, &Amount::currency) != rule.limits.end()) {
      fields.complain("limits", "gives two limits in one currency");
    }
    rule.limits.push_back(limit);
  }
  rule.strict = fields.choice<bool>("bound", {{"at_most", false}, {"less_than", true}});
  return rule;
}

RuleBody read_share_max(Fields& fields) {
  ShareMax rule{read_amount_of(fields, "part"), read_amount_of(fields, "whole"),
                fields.whole("basis_points", 1, 10'000)};
  if (rule.part == rule.whole) fields.complain("part", "and whole are the same amount");
  return rule;
}

RuleBody read_envelope(Fields& fields) {
  if (!fields.has("endowment")) return Envelope{};
  return Envelope{read_amount(fields, "endowment", fields.text("endowment"))};
}

RuleBody read_place(Fields& fields) {
  Place rule{fields.texts("territories"), 1};
  const auto most = std::max<std::int64_t>(1, static_cast<std::int64_t>(rule.territories.size()));
  rule.at_least = static_cast<int>(fields.whole("at_least", 1, most));
  return rule;
}

RuleBody read_partners(Fields& fields) {
  Partners rule{fields.texts("countries")};
  for (const std::string& country : rule.countries) {
    if (country != "FR" && country != "CH") fields.complain("countries", "knows only \"FR\" and \"CH\"");
  }
  return rule;
}

RuleBody read_closing(Fields& fields) {
  Closing rule{fields.dates("days")};
  if (!std::ranges::is_sorted(rule.days)) fields.complain("days", "must ascend");
  return rule;
}

RuleBody read_notice(Fields& fields) {
  Notice rule{.what = fields.text("what"), .occasion = read_occasion(fields), .delay = read_delay(fields)};
  constexpr std::string_view kKnown[] = {"convocation", "dates", "reports"};
  if (std::ranges::find(kKnown, rule.what) == std::end(kKnown)) {
    fields.complain("what", "must be \"convocation\", \"dates\" or \"reports\"");
  }
  return rule;
}

/// A true fraction: 1 ≤ numerator ≤ denominator.
std::pair<int, int> read_fraction(Fields& fields, std::string_view numerator, std::string_view denominator) {
  const auto above = static_cast<int>(fields.whole(numerator, 1, 1000));
  const auto below = static_cast<int>(fields.whole(denominator, 1, 1000));
  if (above > below) fields.complain(numerator, "is more than the whole");
  return {above, below};
}

RuleBody read_quorum(Fields& fields) {
  Quorum rule;
  rule.base = fields.choice<QuorumBase>(
      "base", {{"legal_seats", QuorumBase::legal_seats}, {"in_office", QuorumBase::in_office}});
  std::tie(rule.numerator, rule.denominator) = read_fraction(fields, "numerator", "denominator");
  rule.at_least = fields.choice<bool>("bound", {{"more_than", false}, {"at_least", true}});
  if (!rule.at_least && rule.numerator == rule.denominator) fields.complain("bound", "asks for more than all");
  return rule;
}

RuleBody read_second_convocation(Fields& fields) {
  return SecondConvocation{read_delay(fields)};
}

RuleBody read_substitution(Fields& fields) {
  fields.choice<bool>("within", {{"organisation", true}});
  return SubstitutionRule{};
}

RuleBody read_attendance(Fields& fields) {
  fields.choice<bool>("open_to", {{"all_members", true}});
  return AttendanceRule{};
}

RuleBody read_proxies(Fields& fields) {
  ProxyRule rule;
  const auto number = [&](std::string_view key) {
    const auto read = fields.whole_if(key, 1, 100);
    return read ? std::optional(static_cast<int>(*read)) : std::nullopt;
  };
  rule.per_bearer_max = number("per_bearer_max");
  rule.consecutive_sessions_max = number("consecutive_sessions_max");
  rule.illness_lifts = fields.flag_or("illness_lifts", false);
  rule.written = fields.flag_or("written", false);
  rule.duty = fields.flag_or("duty", false);
  if (rule.illness_lifts && !rule.consecutive_sessions_max) fields.complain("illness_lifts", "has no limit to lift");
  return rule;
}

RuleBody read_majority(Fields& fields) {
  Majority rule;
  std::tie(rule.numerator, rule.denominator) = read_fraction(fields, "numerator", "denominator");
  rule.chair_breaks_ties = fields.flag_or("chair_breaks_ties", false);
  if (rule.numerator == rule.denominator) fields.complain("numerator", "asks for more than all votes");
  if (rule.chair_breaks_ties && 2 * rule.numerator != rule.denominator) {
    fields.complain("chair_breaks_ties", "there are ties only where more than half is needed");
  }
  return rule;
}

void read_parties(Fields& fields, SeatRule& rule) {
  for (Fields& entry : fields.tables("party")) {
    rule.parties.push_back({entry.text("name"), entry.whole("population", 0, kPopulationMax)});
    entry.finish();
  }
  if (rule.parties.empty()) return;
  rule.population_source = fields.text("population_source");
  const int most = rule.titulars * rule.max_numerator / rule.max_denominator;
  if (!distribute(rule.method, rule.titulars, rule.parties, {rule.min_each, most})) {
    fields.complain("party", "cannot share these seats within these limits");
  }
}

RuleBody read_seats(Fields& fields) {
  SeatRule rule;
  rule.titulars = static_cast<int>(fields.whole("titulars", 1, kSeatsMax));
  rule.substitutes = static_cast<int>(fields.whole_if("substitutes", 0, kSeatsMax).value_or(0));
  rule.min_each = static_cast<int>(fields.whole_if("min_each", 0, kSeatsMax).value_or(0));
  std::tie(rule.max_numerator, rule.max_denominator) = read_fraction(fields, "max_numerator", "max_denominator");
  rule.method = fields.choice<SeatMethod>("method", {{"largest_remainder", SeatMethod::largest_remainder},
                                                     {"sainte_lague", SeatMethod::sainte_lague},
                                                     {"dhondt", SeatMethod::dhondt}});
  read_parties(fields, rule);
  return rule;
}

RuleBody read_scope(Fields& fields) {
  Scope rule{.thematics = fields.texts("thematics"), .members = {}};
  rule.common_interest = fields.flag_or("common_interest", false);
  if (fields.has("concordant_members")) rule.members = fields.texts("concordant_members");
  return rule;
}

RuleBody read_frequency(Fields& fields) {
  Frequency rule{static_cast<int>(fields.whole("min_a_year", 0, 366)),
                 static_cast<int>(fields.whole("max_a_year", 0, 366))};
  if (rule.min > rule.max) fields.complain("min_a_year", "is more than max_a_year");
  return rule;
}

RuleBody read_composition(Fields& fields) {
  return Composition{fields.numbers("offices", 0, kSeatsMax)};
}

RuleBody read_postponement(Fields& fields) {
  return Postponement{fields.text("decided_by")};
}

using Reader = RuleBody (*)(Fields&);
constexpr std::pair<std::string_view, Reader> kReaders[] = {
    {"attendance", read_attendance},
    {"ceiling", read_ceiling},
    {"closing", read_closing},
    {"composition", read_composition},
    {"envelope", read_envelope},
    {"frequency", read_frequency},
    {"majority", read_majority},
    {"notice", read_notice},
    {"partners", read_partners},
    {"place", read_place},
    {"postponement", read_postponement},
    {"proxies", read_proxies},
    {"quorum", read_quorum},
    {"scope", read_scope},
    {"seats", read_seats},
    {"second_convocation", read_second_convocation},
    {"share_max", read_share_max},
    {"substitution", read_substitution},
};

Source read_source(Fields& rule) {
  if (!rule.has("source")) {
    rule.complain("source", "is missing; every rule says where it comes from", kUnsourced);
    return {};
  }
  Fields fields = rule.table("source");
  for (const char* key : {"reference", "words"}) {
    if (fields.blank(key)) {
      fields.complain(key, "is missing or empty; a source has a reference and its words", kUnsourced);
    }
  }
  Source source{fields.text("reference"), fields.text("words"),
                fields.choice<std::string>("language", {{"fr", "fr"}, {"de", "de"}}), fields.flag_or("verbatim", true)};
  fields.finish();
  return source;
}

Rule read_rule(Fields& fields) {
  Rule rule;
  rule.id = fields.text("id");
  rule.source = read_source(fields);
  rule.kind = fields.text("kind");
  rule.title_fr = fields.text("title_fr");
  rule.title_de = fields.text("title_de");
  rule.convention_fr = fields.text_or("convention_fr", "");
  rule.convention_de = fields.text_or("convention_de", "");
  if (rule.convention_fr.empty() != rule.convention_de.empty()) {
    fields.complain("convention_fr", "and convention_de must both be there, or neither");
  }
  const auto* reader = std::ranges::find(kReaders, rule.kind, &std::pair<std::string_view, Reader>::first);
  if (reader == std::end(kReaders)) {
    fields.complain("kind", "there is no kind \"" + rule.kind + "\" of rule");
    return rule;
  }
  rule.body = reader->second(fields);
  fields.finish();
  return rule;
}

void read_jurist(Fields fields, Pack& pack) {
  pack.jurist_confirmed = fields.flag_or("confirmed", false);
  pack.jurist_fr = fields.text("fr");
  pack.jurist_de = fields.text("de");
  fields.finish();
}

void read_head(Fields& fields, const calendar::HolidayBook& book, Pack& pack) {
  pack.stamp.id = fields.text("id");
  pack.stamp.version = fields.text("version");
  pack.name_fr = fields.text("name_fr");
  pack.name_de = fields.text("name_de");
  pack.zone = fields.text("zone");
  if (!pack.zone.empty() && !calendar::Zone::find(pack.zone)) fields.complain("zone", "there is no such time zone");
  pack.holidays = fields.text_or("holidays", "");
  if (!pack.holidays.empty() && book.find(pack.holidays) == nullptr) {
    fields.complain("holidays", "there is no table of holidays \"" + pack.holidays + "\"");
  }
  pack.valid_from = fields.date("valid_from");
  pack.valid_until = fields.date_if("valid_until");
  if (pack.valid_until && *pack.valid_until < pack.valid_from) fields.complain("valid_until", "is before valid_from");
  pack.note = fields.text_or("note", "");
  read_jurist(fields.table("jurist"), pack);
}

const calendar::Delay* delay_of(const Rule& rule) {
  if (const auto* notice = std::get_if<Notice>(&rule.body)) return &notice->delay;
  if (const auto* second = std::get_if<SecondConvocation>(&rule.body)) return &second->delay;
  return nullptr;
}

bool counts_holidays(const Pack& pack) {
  return std::ranges::any_of(pack.rules, [](const Rule& rule) {
    const calendar::Delay* delay = delay_of(rule);
    return delay != nullptr &&
           (delay->kind == calendar::DayKind::working || delay->extension != calendar::Extension::none);
  });
}

/// Of all that a verdict depends on: the pack, and its holidays where it counts by them. The last day of validity is
/// left out: a version that is replaced gets one, and what it judged must still be found.
std::string hash_of(const Pack& pack, data_file::Table tree, const calendar::HolidayBook& book) {
  tree.erase("valid_until");
  std::string data = data_file::canonical(tree);
  const calendar::HolidayTable* holidays = book.find(pack.holidays);
  if (holidays != nullptr && counts_holidays(pack)) data += holidays->data;
  return storage::sha256_hex(data);
}

}  // namespace

Result<Pack> read_pack(const data_file::File& file, const calendar::HolidayBook& book) {
  CLUSE_TRY(tree, data_file::parse(file.text, file.name, kMalformed));
  Complaints complaints(file.name, kMalformed);
  Fields fields(tree, "", 1, complaints);
  Pack pack;
  read_head(fields, book, pack);
  for (Fields& entry : fields.tables("rule")) {
    Rule rule = read_rule(entry);
    const bool twice = std::ranges::any_of(pack.rules, [&](const Rule& other) { return other.id == rule.id; });
    if (twice) entry.complain("id", "\"" + rule.id + "\" stands twice");
    pack.rules.push_back(std::move(rule));
  }
  if (pack.rules.empty()) fields.complain("rule", "is missing; at least one [[rule]] is expected");
  fields.finish();
  CLUSE_CHECK(complaints.result());
  pack.stamp.hash = hash_of(pack, tree, book);
  return pack;
}

}  // namespace cluse::domain::rules
