#include "server/domain/services.h"

namespace cluse::domain {

Services::Services(storage::Database& database, storage::Blobs& blobs, Workers& workers, const Clock& clock, Live& live,
                   const Settings& settings)
    : watched(database, clock),
      environment{watched, blobs, workers, clock, live},
      hasher(settings.password_cost),
      vault(settings.vault),
      steps(environment, vault),
      sessions(environment, settings.sessions, steps),
      people(environment),
      accounts(environment, sessions, hasher, settings.sign_in, settings.setup_token),
      identities(environment, sessions),
      federation(environment, sessions, steps, vault, accounts, settings.federation),
      second_factors(environment, sessions, steps, vault, accounts, hasher, settings.letters.instance_name),
      passkeys(environment, sessions, steps, accounts, settings.federation.public_url),
      letters(environment, settings.letters),
      invitations(environment, sessions, accounts, hasher, federation, steps, settings.invitations),
      invitation_batch(environment, letters, settings.invitations),
      recovery(environment, sessions, accounts, hasher, letters, settings.recovery),
      standing(environment, sessions),
      grants(environment),
      groups(environment),
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
      contact_details(environment),
      retention(environment, settings.sessions, settings.sign_in.place_known_for, settings.retention),
      rates(environment),
      atlas(environment),
      terms(environment, settings.terms ? settings.terms : std::make_shared<const terms::Glossary>()),
      translation(environment, settings.translation),
      rules(settings.rules ? settings.rules : std::make_shared<const rules::Rulebook>()) {}

}  // namespace cluse::domain
