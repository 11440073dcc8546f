// Services: the whole domain, built from its seams. Whoever wires the server makes one and keeps it.
#pragma once

#include "server/domain/atlas/atlas.h"
#include "server/domain/documents/documents.h"
#include "server/domain/documents/exchange.h"
#include "server/domain/documents/finder.h"
#include "server/domain/documents/images.h"
#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/invitations.h"
#include "server/domain/identity/letters.h"
#include "server/domain/identity/password_hasher.h"
#include "server/domain/identity/people.h"
#include "server/domain/identity/recovery.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/organisations/mandates.h"
#include "server/domain/organisations/organisations.h"
#include "server/domain/rates/rates.h"
#include "server/domain/records/personal_data.h"
#include "server/domain/records/records.h"
#include "server/domain/rules/rulebook.h"
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
  InvitationPolicy invitations;
  LetterSettings letters;
  RecoveryPolicy recovery;
  DocumentLimits documents;
  ImageLimits images;
  TwinLimits twins;
  std::shared_ptr<const rules::Rulebook> rules;  ///< read at start; empty: no pack at all
  std::string setup_token;                       ///< for tests and packaging; empty draws one
};

/// Requires: the schema is up to date (schema.h), and what Environment refers to outlives this.
/// Thread: make, `start` and `stop` from the main thread; the members from any.
struct Services {
  Services(storage::Database& database, storage::Blobs& blobs, Workers& workers, const Clock& clock, Live& live,
           const Settings& settings = {});

  /// Reads what must be known before the first request. Blocks.
  Result<void> start() { return accounts.start(); }
  /// Ends the threads that hash passwords. Blocks.
  void stop() { hasher.stop(); }

  const Environment environment;
  PasswordHasher hasher;
  Sessions sessions;
  People people;
  Accounts accounts;
  Letters letters;
  Invitations invitations;
  Recovery recovery;
  Mandates mandates;
  Organisations organisations;
  Workspaces workspaces;
  Documents documents;
  Images images;
  Exchange exchange;
  Twins twins;
  Finder finder;
  Records records;
  PersonalData personal_data;
  Rates rates;
  Atlas atlas;
  const std::shared_ptr<const rules::Rulebook> rules;  ///< never null
};

}  // namespace cluse::domain
