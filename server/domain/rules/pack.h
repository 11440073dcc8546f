// A rule pack: dated, versioned data with the words and the reference of the source of each rule.
//
// Packs are read from config/rules/packs (see the README of this folder for the shape of a file) and never change once
// read; library.h holds all of them. A decision stores the Stamp of the pack that judged it. Thread: any.
//
// Errors, with file, line and key in `detail`: `rule_pack_malformed` (unknown key or kind, impossible value),
// `rule_pack_unsourced`, `rule_pack_overlap`, `rule_pack_altered`; `rule_pack_unknown`, `rule_pack_none_in_force`.
#pragma once

#include "server/domain/calendar/delay.h"
#include "server/domain/rules/facts.h"
#include "server/domain/rules/seats.h"

#include <map>
#include <variant>

namespace cluse::domain::rules {

using calendar::Source;

/// Which amount of an application a rule looks at.
enum class AmountOf { total_cost, grant, transport_and_meals };

/// At most (or, strict, less than) a limit. Compared in the limit's own currency, after rounding to the cent; where a
/// source gives a limit for each currency, an amount meets the one of its own.
struct Ceiling {
  AmountOf amount = AmountOf::total_cost;
  std::vector<Amount> limits;  ///< one a currency, at least one
  bool strict = false;
};

/// `part` is at most so many hundredths of a percent of `whole` (5000: one half).
struct ShareMax {
  AmountOf part = AmountOf::grant;
  AmountOf whole = AmountOf::total_cost;
  std::int64_t basis_points = 10'000;
};

/// What has been awarded and what is asked for fit into the endowment: the call's setting, else the pack's.
struct Envelope {
  std::optional<Amount> endowment;
};

struct Place {
  std::vector<std::string> territories;
  int at_least = 1;
};

struct Partners {
  std::vector<std::string> countries;  ///< a partner from each
};

/// Closing days of a fund's calls; an application counts for the next one, or for the one that it names.
struct Closing {
  std::vector<Date> days;
};

/// So long before a session, for one kind of sending.
struct Notice {
  std::string what;
  Sending::Occasion occasion = Sending::Occasion::ordinary;
  calendar::Delay delay;
};

enum class QuorumBase { legal_seats, in_office };

/// More than `numerator`/`denominator` of the base must be present, or at least that much if `at_least`.
struct Quorum {
  QuorumBase base = QuorumBase::in_office;
  int numerator = 1;
  int denominator = 2;
  bool at_least = false;
};

/// After a session without quorum: so long between the new convocation and the session, which then needs none.
struct SecondConvocation {
  calendar::Delay delay;
};

/// A substitute takes the seat of an absent titular of the same organisation; not by name.
struct SubstitutionRule {};

/// Everybody may attend; only who holds a voting right votes.
struct AttendanceRule {};

struct ProxyRule {
  std::optional<int> per_bearer_max;            ///< absent: no cap is stated
  std::optional<int> consecutive_sessions_max;  ///< absent: no limit is stated
  bool illness_lifts = false;                   ///< established illness lifts the limit of sessions
  bool written = false;
  bool duty = false;  ///< an absent titular must tell the services and give a proxy
};

/// More than a fraction of the votes exprimés.
struct Majority {
  int numerator = 1;
  int denominator = 2;
  bool chair_breaks_ties = false;  ///< unless the vote is secret
};

/// The seats of an assembly, by party.
struct SeatRule {
  int titulars = 0;
  int substitutes = 0;
  int min_each = 0;
  int max_numerator = 1;  ///< no party has more than this share of the titulars
  int max_denominator = 1;
  SeatMethod method = SeatMethod::largest_remainder;  ///< of the proposal that a verdict prints
  std::vector<Party> parties;                         ///< with their population, for the proposal
  std::string population_source;                      ///< vintage and source of those figures
};

struct Scope {
  std::vector<std::string> thematics;
  bool common_interest = false;      ///< never for one member alone
  std::vector<std::string> members;  ///< whose concordant deliberations are needed; empty: none are
};

/// Between `min` and `max` sessions a year; outside, a warning.
struct Frequency {
  int min = 0;
  int max = 0;
};

/// How many there must be of each office.
struct Composition {
  std::vector<std::pair<std::string, std::int64_t>> offices;
};

/// When somebody is absent, this office decides to postpone or not; the decision must be explicit.
struct Postponement {
  std::string decided_by;
};

using RuleBody = std::variant<Ceiling, ShareMax, Envelope, Place, Partners, Closing, Notice, Quorum, SecondConvocation,
                              SubstitutionRule, AttendanceRule, ProxyRule, Majority, SeatRule, Scope, Frequency,
                              Composition, Postponement>;

struct Rule {
  std::string id;    ///< stable within the pack
  std::string kind;  ///< as in the file: "ceiling", "share_max", …
  std::string title_fr;
  std::string title_de;
  std::string convention_fr;  ///< what was chosen where the source leaves room; printed with the verdict; or empty
  std::string convention_de;
  Source source;
  RuleBody body;
};

/// What a decision stores, so that it can always be said by what it was judged.
struct Stamp {
  std::string id;
  std::string version;
  std::string hash;  ///< SHA-256 of the data it judges by (but its last day), 64 hexadecimal digits
  bool operator==(const Stamp&) const = default;
};

struct Pack {
  Stamp stamp;
  std::string name_fr;
  std::string name_de;
  std::string zone;      ///< where the body sits: "Europe/Paris"
  std::string holidays;  ///< a table of holidays, or empty
  Date valid_from{};
  std::optional<Date> valid_until{};  ///< the last day; absent: still in force
  std::string jurist_fr;              ///< what a jurist must still confirm, or who has confirmed it
  std::string jurist_de;
  bool jurist_confirmed = false;
  std::string note;  ///< in French, or empty
  std::vector<Rule> rules;

  [[nodiscard]] bool in_force_on(Date date) const {
    return valid_from <= date && (!valid_until || date <= *valid_until);
  }
};

/// One file. `book` must know the pack's table of holidays.
[[nodiscard]] Result<Pack> read_pack(const data_file::File& file, const calendar::HolidayBook& book);

}  // namespace cluse::domain::rules
