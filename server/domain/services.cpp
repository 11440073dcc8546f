#include "server/domain/services.h"

namespace cluse::domain {

Services::Services(storage::Database& database, storage::Blobs& blobs, Workers& workers, const Clock& clock, Live& live,
                   const Settings& settings)
    : environment{database, blobs, workers, clock, live},
      hasher(settings.password_cost),
      sessions(environment, settings.sessions),
      people(environment),
      accounts(environment, sessions, hasher, settings.sign_in, settings.setup_token),
      letters(environment, settings.letters),
      invitations(environment, sessions, accounts, hasher, settings.invitations),
      recovery(environment, sessions, accounts, hasher, letters, settings.recovery),
      mandates(environment),
      organisations(environment),
      workspaces(environment),
      documents(environment, settings.documents),
      images(environment, settings.images),
      exchange(environment, settings.documents),
      twins(environment, settings.documents, settings.twins),
      finder(environment),
      records(environment),
      personal_data(environment, sessions),
      rates(environment),
      atlas(environment),
      rules(settings.rules ? settings.rules : std::make_shared<const rules::Rulebook>()) {}

}  // namespace cluse::domain
