// Services: the whole domain, built from its seams. Whoever wires the server makes one and keeps it.
#pragma once

#include "server/domain/atlas/atlas.h"
#include "server/domain/documents/documents.h"
#include "server/domain/documents/exchange.h"
#include "server/domain/documents/finder.h"
#include "server/domain/documents/images.h"
#include "server/domain/environment.h"
#include "server/domain/identity/access_requests.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/app_passwords.h"
#include "server/domain/identity/federation.h"
#include "server/domain/identity/identities.h"
#include "server/domain/identity/invitation_batch.h"
#include "server/domain/identity/invitations.h"
#include "server/domain/identity/letters.h"
#include "server/domain/identity/organisation_batch.h"
#include "server/domain/identity/passkeys.h"
#include "server/domain/identity/password_hasher.h"
#include "server/domain/identity/people.h"
#include "server/domain/identity/recovery.h"
#include "server/domain/identity/second_factors.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/identity/standing.h"
#include "server/domain/identity/steps.h"
#include "server/domain/identity/vault.h"
#include "server/domain/notifications/notifications.h"
#include "server/domain/organisations/mandates.h"
#include "server/domain/organisations/organisations.h"
#include "server/domain/privacy/contact_details.h"
#include "server/domain/privacy/retention.h"
#include "server/domain/rates/rates.h"
#include "server/domain/records/personal_data.h"
#include "server/domain/records/records.h"
#include "server/domain/rights/grants.h"
#include "server/domain/rights/groups.h"
#include "server/domain/rights/role_editor.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/rules/rulebook.h"
#include "server/domain/search/search.h"
#include "server/domain/terms/terms.h"
#include "server/domain/translation/translation.h"
#include "server/domain/twins/twins.h"
#include "server/domain/workspaces/workspaces.h"

#include <memory>
#include <string>

namespace cluse::domain {

/// Every policy value of the domain, with its default.
struct Settings {
  PasswordCost password_cost;
  SessionPolicy sessions;
  SignInPolicy sign_in;
  FederationSettings federation;
  Vault vault;  ///< by default with a key of its own, for tests
  InvitationPolicy invitations;
  LetterSettings letters;
  AccessRequestPolicy access_requests;
  RecoveryPolicy recovery;
  DocumentLimits documents;
  ImageLimits images;
  RetentionPolicy retention;
  TwinLimits twins;
  std::shared_ptr<const rules::Rulebook> rules;  ///< read at start; empty: no pack at all
  std::shared_ptr<storage::SearchIndex> search;  ///< empty: nothing is searched
  std::shared_ptr<const terms::Glossary> terms;  ///< read at start; null: nothing is shipped
  translation::TranslationSettings translation;  ///< without a provider: off
  std::string setup_token;                       ///< for tests and packaging; empty draws one
};

/// Requires: the schema is up to date (schema.h), and what Environment refers to outlives this.
/// Thread: make, `start` and `stop` from the main thread; the members from any.
struct Services {
  Services(storage::Database& database, storage::Blobs& blobs, Workers& workers, const Clock& clock, Live& live,
           const Settings& settings = {});

  /// Reads what must be known before the first request. Blocks.
  Result<void> start() { return accounts.start(); }
  /// Ends the threads that hash passwords and those that talk to providers of identities and translations. Blocks.
  void stop() {
    federation.stop();
    translation.stop();
    hasher.stop();
  }

  rights::WatchedDatabase watched;  ///< what every service stands on: knows when rights may have changed
  const Environment environment;    ///< of the services: over `watched`
  PasswordHasher hasher;
  const Vault vault;
  Steps steps;
  Sessions sessions;
  People people;
  Letters letters;
  Accounts accounts;
  AppPasswords app_passwords;
  Identities identities;
  Federation federation;
  SecondFactors second_factors;
  Passkeys passkeys;
  Invitations invitations;
  InvitationBatch invitation_batch;
  OrganisationBatch organisation_batch;
  AccessRequests access_requests;
  Recovery recovery;
  Standing standing;
  rights::Grants grants;
  rights::Groups groups;
  rights::RoleEditor roles;
  Mandates mandates;
  Organisations organisations;
  Workspaces workspaces;
  Documents documents;
  Images images;
  Exchange exchange;
  Twins twins;
  Finder finder;
  const std::shared_ptr<storage::SearchIndex> search_index;
  Search search;
  Notifications notifications;
  Records records;
  PersonalData personal_data;
  ContactDetails contact_details;
  Retention retention;
  Rates rates;
  Atlas atlas;
  terms::Terms terms;
  translation::Translation translation;
  const std::shared_ptr<const rules::Rulebook> rules;  ///< never null
};

}  // namespace cluse::domain
