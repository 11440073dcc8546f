#include "server/app/provider_config.h"

#include <algorithm>
#include <fstream>

namespace cluse::app {
namespace {

using Place = std::function<std::string&(ProviderDraft&)>;
using Places = std::function<std::vector<std::string>&(ProviderDraft&)>;

std::function<bool(ProviderDraft&, const std::string&)> words(Place place, bool may_be_empty = true) {
  return [=](ProviderDraft& draft, const std::string& text) {
    place(draft) = text;
    return may_be_empty || !text.empty();
  };
}

std::function<bool(ProviderDraft&, const std::string&)> list(Places place) {
  return [=](ProviderDraft& draft, const std::string& text) {
    place(draft).clear();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      if (comma > at) place(draft).push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
    return true;
  };
}

bool is_key(const std::string& text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool set_newcomers(ProviderDraft& draft, const std::string& text) {
  constexpr std::pair<std::string_view, oidc::Newcomers> kWords[] = {{"refused", oidc::Newcomers::refused},
                                                                     {"invited", oidc::Newcomers::invited},
                                                                     {"request", oidc::Newcomers::request}};
  for (const auto& [word, newcomers] : kWords) {
    if (text != word) continue;
    draft.settings.newcomers = newcomers;
    return true;
  }
  return false;
}

void add_who(std::vector<ProviderKey>& keys) {
  keys.push_back({"id", "a short word of a-z, 0-9 and -", "How addresses name it. Never change it.", "\"agents\"",
                  [](ProviderDraft& draft, const std::string& text) {
                    draft.settings.key = text;
                    return is_key(text);
                  }});
  keys.push_back({"label_fr", "words", "What its button says in French, after “Continuer avec”.", "\"ProConnect\"",
                  words(
                      [](ProviderDraft & d) -> auto& { return d.settings.label_fr; }, false)});
  keys.push_back({"label_de", "words, or empty", "The same in German. Empty: as in French.", "\"\"",
                  words([](ProviderDraft & d) -> auto& { return d.settings.label_de; })});
  keys.push_back({"issuer", "an https address (http on this machine alone)",
                  "Who signs, exactly as its /.well-known/openid-configuration says under issuer.",
                  "\"https://login.example\"", [](ProviderDraft& draft, const std::string& text) {
                    draft.settings.issuer = text;
                    return http_client::is_allowed(text);
                  }});
  keys.push_back({"client_id", "words", "Who we are to the provider.", "\"cluse\"",
                  words(
                      [](ProviderDraft & d) -> auto& { return d.settings.client_id; }, false)});
  keys.push_back({"client_secret", "words, or empty", "Our secret, unless it is in a file.", "\"\"",
                  words([](ProviderDraft & d) -> auto& { return d.settings.client_secret; })});
  keys.push_back({"client_secret_file", "a path, or empty", "A file whose first line is the secret.", "\"\"",
                  [](ProviderDraft& draft, const std::string& text) {
                    draft.secret_file = text;
                    return true;
                  }});
  keys.push_back({"ca_file", "a path, or empty",
                  "Certificates (PEM) to trust instead of the system's, for a provider with a private authority.",
                  "\"\"", words([](ProviderDraft & d) -> auto& { return d.settings.ca_file; })});
}

void add_what(std::vector<ProviderKey>& keys) {
  keys.push_back({"scopes", "a list of words with openid among them", "What is asked of the provider.",
                  "[\"openid\", \"profile\", \"email\"]",
                  list([](ProviderDraft & d) -> auto& { return d.settings.scopes; })});
  keys.push_back({"acr_values", "words, or empty", "The level of proof that is asked for.", "\"\"",
                  words([](ProviderDraft & d) -> auto& { return d.settings.acr_values; })});
  keys.push_back({"organisation_claim", "the name of a claim, or empty",
                  "Where the provider says for which organisation somebody comes.", "\"\"",
                  words([](ProviderDraft & d) -> auto& { return d.settings.organisation_claim; })});
  keys.push_back({"organisations", "a list of words",
                  "Only these are let in; a SIREN stands for all its SIRET. Empty: any.", "[]",
                  list([](ProviderDraft & d) -> auto& { return d.settings.organisations; })});
  keys.push_back({"country_claim", "the name of a claim, or empty", "Where the provider says a country.", "\"\"",
                  words([](ProviderDraft & d) -> auto& { return d.settings.country_claim; })});
  keys.push_back({"countries", "a list of words", "Only these are let in. Empty: any.", "[]",
                  list([](ProviderDraft & d) -> auto& { return d.settings.countries; })});
  keys.push_back({"newcomers", "refused, invited or request",
                  "An identity that nobody knows: is refused; comes in with an open invitation; or, without one, waits "
                  "for an administrator.",
                  "\"invited\"", set_newcomers});
  keys.push_back({"second_factor_trusted", "true or false",
                  "Whoever comes from there is asked for no second factor here.", "false",
                  [](ProviderDraft& draft, const std::string& text) {
                    draft.settings.second_factor_trusted = text == "true";
                    return text == "true" || text == "false";
                  }});
}

std::unexpected<Error> wrong(const char* key, const std::string& words) {
  return fail(Errc::invalid, "config_value_wrong", std::string("identity.providers.") + key + ' ' + words, key);
}

}  // namespace

const std::vector<ProviderKey>& provider_keys() {
  static const std::vector<ProviderKey> keys = [] {
    std::vector<ProviderKey> all;
    add_who(all);
    add_what(all);
    return all;
  }();
  return keys;
}

Result<oidc::ProviderSettings> complete_provider(const ProviderDraft& draft) {
  oidc::ProviderSettings settings = draft.settings;
  if (settings.key.empty()) return wrong("id", "is missing");
  if (settings.label_fr.empty()) return wrong("label_fr", "is missing");
  if (settings.issuer.empty()) return wrong("issuer", "is missing");
  if (settings.client_id.empty()) return wrong("client_id", "is missing");
  if (settings.label_de.empty()) settings.label_de = settings.label_fr;
  if (!draft.secret_file.empty()) {
    std::ifstream stream(draft.secret_file);
    if (!std::getline(stream, settings.client_secret)) return wrong("client_secret_file", "cannot be read");
    if (settings.client_secret.ends_with('\r')) settings.client_secret.pop_back();
  }
  if (settings.client_secret.empty()) return wrong("client_secret", "is missing");
  if (std::find(settings.scopes.begin(), settings.scopes.end(), "openid") == settings.scopes.end())
    return wrong("scopes", "must hold openid");
  if (!settings.organisations.empty() && settings.organisation_claim.empty())
    return wrong("organisation_claim", "is missing: organisations are compared with it");
  if (!settings.countries.empty() && settings.country_claim.empty())
    return wrong("country_claim", "is missing: countries are compared with it");
  return settings;
}

std::string example_provider() {
  std::string out =
      "\n# Providers of identities (OpenID Connect), each a table of its own; docs/connexion.md has examples. None by\n"
      "# default. They need server.public_url, and send people back to <public_url>/api/v1/identity/callback.\n"
      "# [[identity.providers]]\n";
  for (const ProviderKey& key : provider_keys())
    out += "#   " + std::string(key.description) + " Expected: " + std::string(key.expected) + ".\n# " +
           std::string(key.name) + " = " + key.example + '\n';
  return out;
}

}  // namespace cluse::app
