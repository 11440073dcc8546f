// People and organisations: who is here, how they are called, how they are found.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/mandate.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct Person {
  Id id;
  std::string name, function;
  std::optional<Organisation> organisation;
  bool is_admin = false;
  std::optional<Mandate> hat;  ///< set on who wrote something, and in a profile: under which mandate
};

/// A person as she sees herself.
struct Profile {
  Person person;
  std::string email, ui_locale, theme;
  bool single_keys = true;
  std::vector<Mandate> mandates;                    ///< all, those that have ended too
  rights::Permissions permissions = {};             ///< on the whole instance
  std::vector<std::string> content_languages = {};  ///< in which she would rather read, the first first
  bool marks_terms = true;                          ///< terms of the base are marked in texts
};

/// Languages that a person may name.
inline constexpr std::size_t kContentLanguagesMax = 8;

/// "fr-CH,de" as it is kept. Of something else: none.
[[nodiscard]] std::vector<std::string> content_languages_from(std::string_view kept);

struct ProfileChange {
  std::optional<std::string> name, function, ui_locale, theme;
  std::optional<bool> single_keys;
  std::optional<std::vector<std::string>> content_languages = {};  ///< empty: none is preferred
  std::optional<bool> marks_terms = {};
};

struct NewOrganisation {
  std::string name, short_name, country, kind;
};

/// Reads each person at most once. Use within one closure. Thread: the one that runs the closure.
class PeopleReader {
 public:
  explicit PeopleReader(storage::Snapshot& snapshot) : snapshot_(snapshot) {}
  [[nodiscard]] std::optional<Person> find(std::optional<Id> id);
  /// The person under the hat `mandate` if there is one.
  [[nodiscard]] std::optional<Person> find(std::optional<Id> id, std::optional<Id> mandate);

 private:
  storage::Snapshot& snapshot_;
  std::map<Id, std::optional<Person>> seen_;
  std::map<Id, std::optional<Mandate>> hats_;
};

/// With the hat `mandate`, if it is one of hers and runs on `today`. Codes: "not_signed_in" when the account is gone.
[[nodiscard]] Result<Profile> profile_of(storage::Snapshot& snapshot, Id person, std::optional<Id> mandate,
                                         const std::string& today);

/// Inside a write. Codes: "field_missing", "field_invalid", "field_too_long" with `prefix` before the field. The
/// organisation of that name and country if there is one already.
[[nodiscard]] Result<Organisation> find_or_add_organisation(storage::Transaction& tx,
                                                            const NewOrganisation& organisation, Instant now,
                                                            const std::string& prefix = {},
                                                            const journal::Author& by = {});

struct NewPerson {
  std::string name, function, email, ui_locale;
  std::optional<Id> organisation_id;
  std::string password_hash;
  bool is_admin = false;
};
/// Inside a write: the person and the account. Requires: cleaned fields. Codes: "email_taken".
[[nodiscard]] Result<Id> add_person(storage::Transaction& tx, const NewPerson& person, Instant now,
                                    const journal::Author& by = {});

[[nodiscard]] Result<std::string> clean_ui_locale(std::string_view raw);

/// After a change: somebody who is neither suspended nor erased administers the instance. Code "last_administrator".
[[nodiscard]] Result<void> check_administered(storage::Snapshot& snapshot);

/// Thread: any.
class People {
 public:
  explicit People(Environment environment) : environment_(environment) {}

  Task<Result<Profile>> profile(Actor actor);
  /// Codes: those of fields.
  Task<Result<Profile>> change_profile(Actor actor, ProfileChange change);
  /// Code "person_not_found".
  Task<Result<Person>> person(Actor actor, Id person);
  /// At most 50, by name, function or organisation; everyone for an empty query.
  Task<Result<std::vector<Person>>> find(Actor actor, std::string query);
  /// Administrators: makes `person` an administrator, or no longer one. Codes: "person_not_found",
  /// "last_administrator".
  Task<Result<Person>> set_administrator(Actor actor, Id person, bool is_admin);
  /// At most 50, by name. For whoever signed in or holds an invitation: the caller has checked.
  Task<Result<std::vector<Organisation>>> organisations(std::string query);
  /// Administrators. The existing one if name and country are taken.
  Task<Result<Organisation>> add_organisation(Actor actor, NewOrganisation organisation);

 private:
  const Environment environment_;
};

/// At most `max`, for queries that search several things at once.
[[nodiscard]] std::vector<Person> find_people(storage::Snapshot& snapshot, const std::string& query, int max);

}  // namespace cluse::domain
