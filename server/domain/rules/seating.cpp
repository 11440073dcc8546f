#include "server/domain/rules/seating.h"

#include "server/domain/rules/judge.h"

#include <algorithm>
#include <map>
#include <set>

namespace cluse::domain::rules {
namespace {

class Chairs {
 public:
  Chairs(const Pack& pack, const Session& session)
      : session_(session), substitutes_(rule_of<SubstitutionRule>(pack)), proxies_(rule_of<ProxyRule>(pack)) {
    for (const Member& member : session.members) members_.emplace(member.id, &member);
  }

  Seating take() {
    for (const Member& member : session_.members) {
      if (member.present && !member.substitute) sit(member.id, member.id);
    }
    for (const Substitution& claim : session_.substitutions) seating_.substitutions.push_back(claimed(claim));
    if (substitutes_ != nullptr) fill_empty_seats();
    for (const Proxy& proxy : session_.proxies) seating_.proxies.push_back(given(proxy));
    for (const Member& member : session_.members) add_right(member);
    for (const Member& member : session_.members) {
      if (member.present && !seated_.contains(member.id)) seating_.without_vote.push_back(member.id);
    }
    return std::move(seating_);
  }

 private:
  [[nodiscard]] const Member* find(const std::string& id, bool substitute) const {
    const auto found = members_.find(id);
    return found == members_.end() || found->second->substitute != substitute ? nullptr : found->second;
  }

  void sit(const std::string& seat, const std::string& who) {
    sitting_[seat] = who;
    seated_.insert(who);
  }

  SubstitutionFate claimed(const Substitution& claim) {
    const Member* titular = find(claim.titular, false);
    const Member* substitute = find(claim.substitute, true);
    if (titular == nullptr || substitute == nullptr || substitutes_ == nullptr) return SubstitutionFate::unknown_person;
    if (titular->organisation != substitute->organisation) return SubstitutionFate::other_organisation;
    if (titular->present) return SubstitutionFate::titular_present;
    if (!substitute->present) return SubstitutionFate::substitute_absent;
    if (sitting_.contains(titular->id) || seated_.contains(substitute->id)) return SubstitutionFate::twice;
    sit(titular->id, substitute->id);
    return SubstitutionFate::seated;
  }

  // Not by name: present substitutes take empty seats of their organisation, first those that no proxy would vote for.
  void fill_empty_seats() {
    for (const bool with_proxy : {false, true}) {
      for (const Member& titular : session_.members) {
        if (titular.substitute || sitting_.contains(titular.id) || has_proxy(titular.id) != with_proxy) continue;
        const auto free = std::ranges::find_if(session_.members, [&](const Member& member) {
          return member.substitute && member.present && member.organisation == titular.organisation &&
                 !seated_.contains(member.id);
        });
        if (free != session_.members.end()) sit(titular.id, free->id);
      }
    }
  }

  [[nodiscard]] bool has_proxy(const std::string& giver) const {
    return std::ranges::any_of(session_.proxies, [&](const Proxy& proxy) {
      return proxy.giver == giver &&
             (valid(proxy) == ProxyFate::counts || valid(proxy) == ProxyFate::counts_by_illness);
    });
  }

  // What can be said of a proxy by itself.
  [[nodiscard]] ProxyFate valid(const Proxy& proxy) const {
    if (proxies_ == nullptr || find(proxy.giver, false) == nullptr || !members_.contains(proxy.bearer)) {
      return ProxyFate::unknown_person;
    }
    if (find(proxy.giver, false)->present) return ProxyFate::giver_present;
    if (proxy.revoked) return ProxyFate::revoked;
    if (proxies_->written && !proxy.written) return ProxyFate::not_written;
    const auto& sessions_max = proxies_->consecutive_sessions_max;
    const bool past = sessions_max && proxy.consecutive_sessions > *sessions_max;
    if (past && !(proxy.illness && proxies_->illness_lifts)) return ProxyFate::lapsed;
    if (!members_.at(proxy.bearer)->present) return ProxyFate::bearer_absent;
    return past ? ProxyFate::counts_by_illness : ProxyFate::counts;
  }

  // What becomes of it beside the others.
  ProxyFate given(const Proxy& proxy) {
    const ProxyFate fate = valid(proxy);
    if (fate != ProxyFate::counts && fate != ProxyFate::counts_by_illness) return fate;
    if (sitting_.contains(proxy.giver)) return ProxyFate::seat_taken;
    if (!seated_.contains(proxy.bearer)) return ProxyFate::bearer_without_vote;
    if (by_proxy_.contains(proxy.giver)) return ProxyFate::twice;
    int& carried = carried_[proxy.bearer];
    if (proxies_->per_bearer_max && carried >= *proxies_->per_bearer_max) return ProxyFate::bearer_full;
    ++carried;
    by_proxy_[proxy.giver] = proxy.bearer;
    return fate;
  }

  void add_right(const Member& member) {
    if (member.substitute) return;
    if (const auto sits = sitting_.find(member.id); sits != sitting_.end()) {
      const bool self = sits->second == member.id;
      seating_.rights.push_back(
          {member.id, sits->second, self ? VotingRight::How::in_person : VotingRight::How::substitute});
    } else if (const auto proxy = by_proxy_.find(member.id); proxy != by_proxy_.end()) {
      seating_.rights.push_back({member.id, proxy->second, VotingRight::How::proxy});
    }
  }

  const Session& session_;
  const SubstitutionRule* substitutes_;
  const ProxyRule* proxies_;
  std::map<std::string, const Member*> members_;
  std::map<std::string, std::string> sitting_;   // seat → who sits there
  std::set<std::string> seated_;                 // who sits somewhere
  std::map<std::string, std::string> by_proxy_;  // giver → bearer
  std::map<std::string, int> carried_;
  Seating seating_;
};

}  // namespace

Seating seat(const Pack& pack, const Session& session) {
  return Chairs(pack, session).take();
}

std::vector<VotingRight> voting_rights(const Pack& pack, const Session& session) {
  return seat(pack, session).rights;
}

}  // namespace cluse::domain::rules
