// A pack judges facts. Pure: the same pack and the same facts give the same verdict, today and in ten years. Thread:
// any.
#pragma once

#include "server/domain/rules/verdict.h"

namespace cluse::domain::rules {

/// Judges every rule whose group of facts is there. The verdict borrows from `pack` and `book`; both must outlive it.
[[nodiscard]] Verdict evaluate(const Pack& pack, const Facts& facts, const calendar::HolidayBook& book);

/// The last lawful day to send `what` for a session under this pack, and the moment it ends; error
/// `rule_pack_no_such_notice` if the pack says nothing of it.
[[nodiscard]] Result<calendar::LastMoment> last_moment(const Pack& pack, std::string_view what,
                                                       Sending::Occasion occasion, Date session_on,
                                                       const calendar::HolidayBook& book);

/// How a seat votes.
struct VotingRight {
  enum class How { in_person, substitute, proxy };
  std::string seat;  ///< the titular's id
  std::string voter;
  How how = How::in_person;
};

/// Who votes for which seat, in the order of the member list. A present substitute of the same organisation takes an
/// empty seat: a claimed substitution first, then seats whose titular gave no valid proxy, then the others. Only a seat
/// that is still empty is voted by proxy, and a proxy past the pack's limits gives no right. Source: domain.md rows 45
/// to 47.
[[nodiscard]] std::vector<VotingRight> voting_rights(const Pack& pack, const Session& session);

/// More than half (or the fraction of the rule) of the base: 60 seats and 31, 55 members en exercice and 28.
[[nodiscard]] std::int64_t needed_for_quorum(const Quorum& quorum, std::int64_t base);

}  // namespace cluse::domain::rules
