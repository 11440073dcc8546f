#include "server/app/import_rights.h"

#include "server/domain/journal/journal.h"
#include "server/domain/organisations/days.h"
#include "server/domain/rights/grants.h"
#include "server/domain/text.h"

#include <optional>
#include <utility>

namespace cluse::app {
namespace {

namespace journal = domain::journal;
namespace rights = domain::rights;

/// Brings them in. Lives inside one transaction.
class RightsImporter {
 public:
  RightsImporter(storage::Transaction& transaction, const ImportedIds& ids, Instant now)
      : transaction_(transaction), ids_(ids), now_(now) {}

  Result<void> import(const toml::table& manifest) {
    CLUSE_CHECK(each(manifest, "role", &RightsImporter::role));
    CLUSE_CHECK(each(manifest, "group", &RightsImporter::group));
    return each(manifest, "grant", &RightsImporter::grant);
  }

 private:
  static std::unexpected<Error> malformed(const std::string& what, const std::string& why) {
    return fail(Errc::invalid, "import_malformed", what + ": " + why);
  }
  static std::string text(const toml::table& entry, std::string_view key) { return entry[key].value_or(std::string()); }

  Result<void> each(const toml::table& manifest, std::string_view key,
                    Result<void> (RightsImporter::*bring)(const toml::table&)) {
    const toml::array* list = manifest[key].as_array();
    if (list == nullptr) return {};
    for (const toml::node& node : *list)
      if (const toml::table* entry = node.as_table()) CLUSE_CHECK((this->*bring)(*entry));
    return {};
  }

  Result<void> role(const toml::table& entry) {
    const std::string key = text(entry, "key"), what = "role \"" + key + '"';
    rights::Permissions permissions;
    if (const toml::array* words = entry["permissions"].as_array())
      for (const toml::node& word : *words) {
        const auto one = rights::parse_permission(word.value_or(std::string()));
        if (!one) return malformed(what, "a permission is not one");
        permissions |= rights::Permissions{*one};
      }
    if (key.empty() || permissions.is_empty()) return malformed(what, "has no key, or permits nothing");
    const Id id = new_id(now_);
    const std::string words = rights::to_words(rights::with_implied(permissions));
    transaction_.run(
        "INSERT INTO access_role (id, name_fr, name_de, permissions, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)",
        {id, text(entry, "name_fr"), text(entry, "name_de"), words, now_, now_});
    note(journal::Verb::role_added, journal::ObjectKind::role, id,
         {{"name", text(entry, "name_fr")}, {"permissions", words}});
    roles_[key] = id.to_string();
    return {};
  }

  Result<void> group(const toml::table& entry) {
    const std::string key = text(entry, "key"), name = text(entry, "name"), what = "group \"" + key + '"';
    if (key.empty() || name.empty()) return malformed(what, "has no key or no name");
    const Id id = new_id(now_);
    std::optional<Id> responsible;
    if (const std::string who = text(entry, "responsible"); !who.empty()) {
      CLUSE_TRY(found, reference(ids_.people, who, what));
      responsible = found;
    }
    transaction_.run(
        "INSERT INTO access_group (id, name, name_folded, created_at, responsible_id) VALUES (?, ?, ?, ?, ?)",
        {id, name, domain::fold(name), now_, responsible});
    note(journal::Verb::group_created, journal::ObjectKind::group, id, {{"name", name}});
    groups_[key] = id;
    const toml::array* members = entry["members"].as_array();
    if (members == nullptr) return {};
    for (const toml::node& node : *members) {
      const toml::table* member = node.as_table();
      if (member == nullptr) return malformed(what, "a member is no table");
      CLUSE_TRY(holder, holder_of(*member, what));
      transaction_.run(
          "INSERT INTO access_group_member (group_id, member_kind, member_id, added_at) VALUES (?, ?, ?, ?)",
          {id, rights::to_text(holder.kind), holder.id, now_});
      note(journal::Verb::group_member_added, journal::ObjectKind::group, id,
           {{"name", name}, {"member", rights::Names(transaction_).of(holder).name}});
    }
    return {};
  }

  /// Until `for_days` from now, so that a demonstration does not age; else until further notice.
  Result<void> grant(const toml::table& entry) {
    const std::string word = text(entry, "role"), what = "grant of \"" + word + '"';
    const auto own = roles_.find(word);
    auto role = rights::find_role(transaction_, own == roles_.end() ? word : own->second);
    if (!role) return malformed(what, "there is no such role");
    CLUSE_TRY(holder, holder_of(entry, what));
    CLUSE_TRY(scope, scope_of(entry, what));
    if (const auto fits = rights::check_fits(role->permissions, holder.kind, scope.kind); !fits)
      return malformed(what, std::string(fits.error().code));
    std::string last(domain::organisations::kStill);
    if (const auto days = entry["for_days"].value<std::int64_t>())
      last = domain::organisations::today(now_ + std::chrono::hours(24) * *days);
    const Id id = new_id(now_);
    transaction_.run(
        "INSERT INTO access_grant (id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day, "
        "granted_at, granted_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        {id, role->id, rights::to_text(holder.kind), holder.id, rights::to_text(scope.kind), scope.id,
         domain::organisations::kAlways, last, now_});
    rights::Names names(transaction_);
    journal::Details details{{"role", role->name_fr.empty() ? role->id : role->name_fr},
                             {"holder", names.of(holder).name},
                             {"scope", names.of(scope).name},
                             {"scope_kind", std::string(rights::to_text(scope.kind))}};
    if (last != domain::organisations::kStill) details.emplace_back("until", last);
    note(journal::Verb::grant_added, journal::ObjectKind::grant, id, std::move(details));
    return {};
  }

  Result<rights::Holder> holder_of(const toml::table& entry, const std::string& what) const {
    using rights::HolderKind;
    const std::pair<HolderKind, const ImportedIds::Ids&> kinds[] = {{HolderKind::person, ids_.people},
                                                                    {HolderKind::mandate, ids_.mandates},
                                                                    {HolderKind::organisation, ids_.organisations},
                                                                    {HolderKind::group, groups_}};
    for (const auto& [kind, known] : kinds) {
      const std::string key = text(entry, rights::to_text(kind));
      if (key.empty()) continue;
      CLUSE_TRY(id, reference(known, key, what));
      return rights::Holder{kind, id};
    }
    return malformed(what, "names no person, mandate, organisation or group");
  }

  Result<rights::Object> scope_of(const toml::table& entry, const std::string& what) const {
    using rights::ScopeKind;
    if (const std::string key = text(entry, "workspace"); !key.empty()) {
      CLUSE_TRY(id, reference(ids_.workspaces, key, what));
      return rights::Object{ScopeKind::workspace, id};
    }
    if (const std::string key = text(entry, "territory"); !key.empty()) {
      CLUSE_TRY(id, reference(ids_.territories, key, what));
      return rights::Object{ScopeKind::territory, id};
    }
    return rights::kInstance;
  }

  static Result<Id> reference(const ImportedIds::Ids& known, const std::string& key, const std::string& what) {
    const auto found = known.find(key);
    if (found == known.end()) return malformed(what, "refers to \"" + key + "\", which is not there");
    return found->second;
  }

  void note(journal::Verb verb, journal::ObjectKind kind, Id object, journal::Details details) {
    journal::append(transaction_, {{}, verb, kind, object, {}, now_, std::move(details)});
  }

  storage::Transaction& transaction_;
  const ImportedIds& ids_;
  const Instant now_;
  std::map<std::string, std::string> roles_;
  ImportedIds::Ids groups_;
};

}  // namespace

Result<void> import_rights(storage::Transaction& transaction, const toml::table& manifest, const ImportedIds& ids,
                           Instant now) {
  return RightsImporter(transaction, ids, now).import(manifest);
}

}  // namespace cluse::app
