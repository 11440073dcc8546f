#include "server/domain/identity/people.h"

#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"

#include <algorithm>
#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kNameMax = 120;
constexpr std::size_t kFunctionMax = 160;
constexpr std::size_t kKindMax = 60;
constexpr int kFoundMax = 50;

#define CLUSE_PERSON_COLUMNS "p.id, p.name, p.function, p.is_admin, o.id, o.name, o.short_name, o.country, o.kind"

Organisation organisation_from(const storage::Row& row, std::size_t at) {
  return {row.id(at), row.text(at + 1), row.text(at + 2), row.text(at + 3), row.text(at + 4)};
}

Person person_from(const storage::Row& row) {
  Person person{row.id(0), row.text(1), row.text(2), std::nullopt, row.flag(3), std::nullopt};
  if (!row.is_null(4)) person.organisation = organisation_from(row, 4);
  return person;
}

Result<std::string> one_of(std::string_view raw, std::initializer_list<std::string_view> allowed,
                           std::string_view field) {
  for (const auto word : allowed)
    if (raw == word) return std::string(raw);
  return fail(Errc::invalid, "field_invalid", "not one of the allowed words", std::string(field));
}

Result<std::vector<std::string>> clean_content_languages(const std::vector<std::string>& raw) {
  constexpr const char* kField = "content_languages";
  if (raw.size() > kContentLanguagesMax) return fail(Errc::invalid, "field_too_long", "", kField);
  std::vector<std::string> languages;
  for (const auto& each : raw) {
    CLUSE_TRY(language, clean_language(each, kField));
    if (std::ranges::find(languages, language) == languages.end()) languages.push_back(language);
  }
  return languages;
}

// The change, cleaned: what may be written as it stands.
Result<ProfileChange> cleaned(ProfileChange change) {
  if (change.name) {
    CLUSE_TRY(name, clean_line(*change.name, "name", kNameMax));
    change.name = name;
  }
  if (change.function) {
    CLUSE_TRY(function, clean_line(*change.function, "function", kFunctionMax, false));
    change.function = function;
  }
  if (change.ui_locale) CLUSE_CHECK(clean_ui_locale(*change.ui_locale));
  if (change.theme) CLUSE_CHECK(one_of(*change.theme, {"system", "light", "dark"}, "theme"));
  if (change.content_languages) {
    CLUSE_TRY(languages, clean_content_languages(*change.content_languages));
    change.content_languages = languages;
  }
  return change;
}

std::string joined(const std::vector<std::string>& languages) {
  std::string text;
  for (const auto& each : languages) text += (text.empty() ? "" : ",") + each;
  return text;
}

journal::Details details_of(const ProfileChange& change) {
  journal::Details details;
  if (change.name) details.emplace_back("name", *change.name);
  if (change.function) details.emplace_back("function", *change.function);
  if (change.ui_locale) details.emplace_back("ui_locale", *change.ui_locale);
  if (change.theme) details.emplace_back("theme", *change.theme);
  if (change.single_keys) details.emplace_back("single_keys", *change.single_keys ? "true" : "false");
  if (change.content_languages) details.emplace_back("content_languages", joined(*change.content_languages));
  if (change.marks_terms) details.emplace_back("marks_terms", *change.marks_terms ? "true" : "false");
  return details;
}

Result<Organisation> add_cleaned(storage::Transaction& tx, const NewOrganisation& organisation, Instant now,
                                 const journal::Author& by) {
  const std::string folded = fold(organisation.name);
  const auto taken =
      tx.one("SELECT id, name, short_name, country, kind FROM organisation WHERE name_folded = ? AND country = ?",
             {folded, organisation.country});
  if (taken) return organisation_from(*taken, 0);
  Organisation made{new_id(now), organisation.name, organisation.short_name, organisation.country, organisation.kind};
  tx.run(
      "INSERT INTO organisation (id, name, name_folded, short_name, country, kind, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      {made.id, made.name, folded, made.short_name, made.country, made.kind, now});
  journal::append(tx, {by,
                       journal::Verb::organisation_added,
                       journal::ObjectKind::organisation,
                       made.id,
                       {},
                       now,
                       {{"name", made.name}}});
  return made;
}

}  // namespace

std::optional<Person> PeopleReader::find(std::optional<Id> id) {
  if (!id) return std::nullopt;
  const auto seen = seen_.find(*id);
  if (seen != seen_.end()) return seen->second;
  const auto row = snapshot_.one("SELECT " CLUSE_PERSON_COLUMNS
                                 " FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = ?",
                                 {*id});
  auto person = row ? std::optional(person_from(*row)) : std::nullopt;
  seen_.emplace(*id, person);
  return person;
}

std::optional<Person> PeopleReader::find(std::optional<Id> id, std::optional<Id> mandate) {
  auto person = find(id);
  if (!person || !mandate) return person;
  auto seen = hats_.find(*mandate);
  // The day does not matter here: what was written under a mandate stays written under it.
  if (seen == hats_.end()) seen = hats_.emplace(*mandate, find_mandate(snapshot_, *mandate, {})).first;
  person->hat = seen->second;
  return person;
}

Result<Profile> profile_of(storage::Snapshot& snapshot, Id person, std::optional<Id> mandate,
                           const std::string& today) {
  const auto row = snapshot.one("SELECT " CLUSE_PERSON_COLUMNS
                                ", a.email, p.ui_locale, p.theme, p.single_keys, p.content_languages, p.marks_terms "
                                "FROM person p JOIN account a ON a.person_id = p.id "
                                "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = ?",
                                {person});
  if (!row) return fail(Errc::unauthenticated, "not_signed_in", "the account is gone");
  Profile profile{person_from(*row),
                  row->text(9),
                  row->text(10),
                  row->text(11),
                  row->flag(12),
                  mandates_of(snapshot, person, today),
                  {},
                  content_languages_from(row->text(13)),
                  row->flag(14)};
  CLUSE_TRY(allowed, rights::permissions(snapshot, person, rights::kInstance));
  profile.permissions = allowed;
  for (const auto& each : profile.mandates)
    if (each.id == mandate && each.is_current) profile.person.hat = each;
  return profile;
}

Result<Organisation> find_or_add_organisation(storage::Transaction& tx, const NewOrganisation& organisation,
                                              Instant now, const std::string& prefix, const journal::Author& by) {
  CLUSE_TRY(name, clean_line(organisation.name, prefix + "name", kNameMax));
  CLUSE_TRY(short_name, clean_line(organisation.short_name, prefix + "short_name", 40, false));
  CLUSE_TRY(kind, clean_line(organisation.kind, prefix + "kind", kKindMax, false));
  CLUSE_TRY(country, one_of(organisation.country, {"F", "CH"}, prefix + "country"));
  const NewOrganisation clean{name, short_name.empty() ? name : short_name, country, kind};
  return add_cleaned(tx, clean, now, by);
}

Result<Id> add_person(storage::Transaction& tx, const NewPerson& person, Instant now, const journal::Author& by) {
  const std::string email_folded = fold_case(person.email);
  if (tx.one("SELECT person_id FROM account WHERE email_folded = ?", {email_folded}))
    return fail(Errc::conflict, "email_taken", "", "email");
  CLUSE_TRY(name, clean_line(person.name, "name", kNameMax));
  CLUSE_TRY(function, clean_line(person.function, "function", kFunctionMax, false));
  const Id id = new_id(now);
  tx.run(
      "INSERT INTO person (id, name, function, name_folded, function_folded, organisation_id, is_admin, ui_locale, "
      "theme, single_keys, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, name, function, fold(name), fold(function), person.organisation_id, person.is_admin, person.ui_locale,
       "system", true, now});
  tx.run(
      "INSERT INTO account (person_id, email, email_folded, password_hash, password_changed_at) "
      "VALUES (?, ?, ?, ?, ?)",
      {id, person.email, email_folded, person.password_hash, now});
  journal::append(tx, {by,
                       journal::Verb::person_added,
                       journal::ObjectKind::person,
                       id,
                       {},
                       now,
                       {{"name", name}, {"email", person.email}}});
  return id;
}

Result<std::string> clean_ui_locale(std::string_view raw) {
  return one_of(raw, {"fr-FR", "fr-CH", "de-CH"}, "ui_locale");
}

std::vector<std::string> content_languages_from(std::string_view kept) {
  std::vector<std::string> languages;
  while (!kept.empty()) {
    const auto comma = std::min(kept.find(','), kept.size());
    languages.emplace_back(kept.substr(0, comma));
    kept.remove_prefix(std::min(comma + 1, kept.size()));
  }
  return languages;
}

std::vector<Person> find_people(storage::Snapshot& snapshot, const std::string& query, int max) {
  const auto words = like_words(query);
  const auto rows = snapshot.all(
      "SELECT id, name, function, is_admin, organisation_id, organisation_name, short_name, country, kind FROM ("
      "SELECT p.id AS id, p.name AS name, p.function AS function, p.is_admin AS is_admin, o.id AS organisation_id, "
      "o.name AS organisation_name, o.short_name AS short_name, o.country AS country, o.kind AS kind, "
      "p.name_folded AS name_folded, p.name_folded || ' ' || p.function_folded || ' ' || "
      "COALESCE(o.name_folded, '') AS hay "
      "FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.erased_at IS NULL) AS found "
      "WHERE hay LIKE ? ESCAPE '\\' AND hay LIKE ? ESCAPE '\\' AND hay LIKE ? ESCAPE '\\' AND hay LIKE ? ESCAPE '\\' "
      "ORDER BY CASE WHEN name_folded LIKE ? ESCAPE '\\' THEN 0 ELSE 1 END, name_folded, id LIMIT ?",
      {words[0], words[1], words[2], words[3], like_start(query), max});
  std::vector<Person> people;
  people.reserve(rows.size());
  for (const auto& row : rows) people.push_back(person_from(row));
  return people;
}

Task<Result<Profile>> People::profile(Actor actor) {
  auto body = [actor,
               day = organisations::today(environment_.clock.now())](storage::Snapshot& snapshot) -> Result<Profile> {
    return profile_of(snapshot, actor.person_id, actor.mandate_id, day);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Profile>> People::change_profile(Actor actor, ProfileChange change) {
  CLUSE_CO_TRY(clean, cleaned(std::move(change)));
  auto body = [clean = clean, actor, id = actor.person_id, hat = actor.mandate_id, now = environment_.clock.now(),
               day = organisations::today(environment_.clock.now())](storage::Transaction& tx) -> Result<Profile> {
    if (clean.name)
      tx.run("UPDATE person SET name = ?, name_folded = ? WHERE id = ?", {*clean.name, fold(*clean.name), id});
    if (clean.function)
      tx.run("UPDATE person SET function = ?, function_folded = ? WHERE id = ?",
             {*clean.function, fold(*clean.function), id});
    if (clean.ui_locale) tx.run("UPDATE person SET ui_locale = ? WHERE id = ?", {*clean.ui_locale, id});
    if (clean.theme) tx.run("UPDATE person SET theme = ? WHERE id = ?", {*clean.theme, id});
    if (clean.single_keys) tx.run("UPDATE person SET single_keys = ? WHERE id = ?", {*clean.single_keys, id});
    if (clean.content_languages)
      tx.run("UPDATE person SET content_languages = ? WHERE id = ?", {joined(*clean.content_languages), id});
    if (clean.marks_terms) tx.run("UPDATE person SET marks_terms = ? WHERE id = ?", {*clean.marks_terms, id});
    if (auto details = details_of(clean); !details.empty())
      journal::append(tx, {author_of(actor),
                           journal::Verb::profile_changed,
                           journal::ObjectKind::person,
                           id,
                           {},
                           now,
                           std::move(details)});
    return profile_of(tx, id, hat, day);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<Person>> People::person(Actor, Id person) {
  auto body = [person](storage::Snapshot& snapshot) -> Result<Person> {
    auto found = PeopleReader(snapshot).find(person);
    if (!found) return fail(Errc::not_found, "person_not_found");
    return std::move(*found);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<std::vector<Person>>> People::find(Actor, std::string query) {
  auto body = [query = std::move(query)](storage::Snapshot& snapshot) -> Result<std::vector<Person>> {
    return find_people(snapshot, query, kFoundMax);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Person>> People::set_administrator(Actor actor, Id person, bool is_admin) {
  auto body = [actor, person, is_admin, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Person> {
    CLUSE_TRY(allowed, rights::permissions(tx, actor.person_id, rights::kInstance));
    if (!allowed.has(rights::Permission::administrators_manage)) return fail(Errc::denied, "denied");
    const auto row = tx.one("SELECT is_admin FROM person WHERE id = ? AND erased_at IS NULL", {person});
    if (!row) return fail(Errc::not_found, "person_not_found");
    if (row->flag(0) != is_admin) {
      tx.run("UPDATE person SET is_admin = ? WHERE id = ?", {is_admin, person});
      CLUSE_CHECK(check_administered(tx));
      const auto verb = is_admin ? journal::Verb::administrator_added : journal::Verb::administrator_removed;
      journal::append(tx, {author_of(actor), verb, journal::ObjectKind::person, person, {}, now, {}});
    }
    return *PeopleReader(tx).find(person);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Result<void> check_administered(storage::Snapshot& snapshot) {
  // An instance that nobody administers could not be put right from its screens.
  if (snapshot.one("SELECT 1 FROM person WHERE is_admin = 1 AND suspended_at IS NULL AND erased_at IS NULL LIMIT 1"))
    return {};
  return fail(Errc::conflict, "last_administrator");
}

Task<Result<std::vector<Organisation>>> People::organisations(std::string query) {
  auto body = [query = std::move(query)](storage::Snapshot& snapshot) -> Result<std::vector<Organisation>> {
    const auto words = like_words(query);
    const auto rows = snapshot.all(
        "SELECT id, name, short_name, country, kind FROM organisation "
        "WHERE name_folded LIKE ? ESCAPE '\\' AND name_folded LIKE ? ESCAPE '\\' "
        "AND name_folded LIKE ? ESCAPE '\\' AND name_folded LIKE ? ESCAPE '\\' ORDER BY name_folded, id LIMIT ?",
        {words[0], words[1], words[2], words[3], kFoundMax});
    std::vector<Organisation> organisations;
    for (const auto& row : rows) organisations.push_back(organisation_from(row, 0));
    return organisations;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Organisation>> People::add_organisation(Actor actor, NewOrganisation organisation) {
  if (!actor.may(rights::Permission::organisations_manage)) co_return fail(Errc::denied, "denied");
  auto body = [actor, organisation = std::move(organisation),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Organisation> {
    return find_or_add_organisation(tx, organisation, now, {}, author_of(actor));
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

}  // namespace cluse::domain
