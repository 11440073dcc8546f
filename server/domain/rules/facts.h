// What a rule pack is asked about: plain values that the caller fills from its own records.
//
// A group that is absent is not judged; a field that is absent inside a group is answered with "not known", never with
// a guess. Amounts are whole cents of one currency. Thread: any.
#pragma once

#include "server/domain/calendar/date.h"
#include "server/domain/money/amount.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain::rules {

using calendar::Date;

using money::Amount;
using money::Currency;

/// A frozen rate of a call: 1 `from` is `value` / 10^`decimals` of the other currency (1 EUR = 1.0835 CHF: 10835, 4).
/// 1 ≤ value ≤ 10^12, 0 ≤ decimals ≤ 12; anything else is answered with "not known".
struct Rate {
  Currency from = Currency::eur;
  std::int64_t value = 0;
  int decimals = 0;
};

/// Half away from zero to the cent, by the rate or its inverse; nothing if the rate is out of bounds or the sum too
/// large.
[[nodiscard]] std::optional<Amount> convert(Amount amount, Currency to, const Rate& rate);

/// An application to a fund.
struct Application {
  std::optional<Amount> total_cost{};
  std::optional<Amount> grant{};  ///< the aid that is asked for
  std::optional<Amount> transport_and_meals{};
  std::optional<Amount> awarded_before{};                       ///< what the call has already given to others
  std::optional<std::vector<std::string>> territories{};        ///< keys of cooperation territories it takes place in
  std::optional<std::vector<std::string>> partner_countries{};  ///< "FR", "CH"
  std::optional<Date> submitted_on{};
  std::optional<Date> call_closes_on{};  ///< which of the pack's closing days is meant; absent: the next one
};

/// Something that is sent before a session.
struct Sending {
  enum class Occasion { ordinary, urgent, after_failed_quorum };
  std::string what;  ///< "convocation", "dates", "reports": as the pack's rules say
  Date sent_on;
  Date session_on;
  Occasion occasion = Occasion::ordinary;
};

struct Member {
  std::string id;
  std::string organisation;
  bool substitute = false;  ///< suppléant; otherwise titulaire
  bool present = false;
  bool declared_absent = false;  ///< told the services beforehand
};

/// A claim: this substitute sits for that titular.
struct Substitution {
  std::string titular;
  std::string substitute;
};

/// A pouvoir.
struct Proxy {
  std::string giver;
  std::string bearer;
  bool written = true;
  bool revoked = false;
  bool illness = false;          ///< duly established
  int consecutive_sessions = 1;  ///< used for so many sessions in a row, this one included
};

/// One session of a deliberating body.
struct Session {
  Date held_on;
  std::optional<int> legal_seats{};  ///< all seats that there are by law, vacant ones included
  std::optional<int> in_office{};    ///< members en exercice: seats that are filled
  std::optional<int> present{};      ///< in person; counted from `members` where absent
  std::vector<Member> members{};     ///< in the order of the member list
  std::vector<Substitution> substitutions{};
  std::vector<Proxy> proxies{};
  std::vector<std::string> votes_cast{};  ///< whose vote was taken: ids of members, once for each vote
};

/// The count of one vote.
struct Ballot {
  enum class Choice { in_favour, against, abstention };
  int in_favour = 0;
  int against = 0;
  int abstentions = 0;  ///< with blank and void papers; none of them is a vote exprimé
  bool secret = false;
  std::optional<Choice> chair{};       ///< how the chair voted; counted above like every other vote
  std::optional<int> voting_rights{};  ///< how many votes could be cast
};

/// The seats of one party in an assembly, as configured.
struct Seats {
  std::string party;
  std::optional<int> titulars{};
  std::optional<int> substitutes{};
};

/// A project that a body is to take on.
struct Project {
  std::optional<std::vector<std::string>> thematics{};
  std::optional<bool> for_one_member_only{};
  std::optional<std::vector<std::string>> concordant_deliberations{};  ///< the members that have deliberated
};

/// A meeting of a bureau.
struct BureauMeeting {
  int absent = 0;
  int absent_without_warning = 0;
  std::optional<bool> postponed{};  ///< the president's explicit decision
  std::string decided_by{};         ///< the office that decided: "president"
};

struct YearOfSessions {
  int year = 0;
  int sessions = 0;
};

/// Settings that belong to a call or to a body and not to a pack.
struct Settings {
  std::optional<Amount> endowment{};  ///< of the call; domain.md row 7: blank in the source, so never in a pack of 2017
  std::optional<Rate> rate{};         ///< frozen for the call
};

struct Facts {
  std::optional<Application> application{};
  std::vector<Sending> sendings{};
  std::optional<Session> session{};
  std::optional<Ballot> ballot{};
  std::vector<Seats> seats{};
  std::optional<Project> project{};
  std::optional<BureauMeeting> bureau{};
  std::map<std::string, int> offices{};  ///< how many there are of each: "president", "vice_presidents", …
  std::optional<YearOfSessions> year{};
  Settings settings{};
};

}  // namespace cluse::domain::rules
