#include "server/api/problem.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>

namespace cluse::api {
namespace {

using namespace std::chrono_literals;

std::string text_of(std::string_view text) {
  return std::string(text);
}

// What a kind means to a reader when the code itself is none of hers.
std::string_view code_of_kind(Errc kind) {
  switch (kind) {
    case Errc::invalid: return "body_malformed";
    case Errc::unauthenticated: return "not_signed_in";
    case Errc::denied: return "denied";
    case Errc::not_found: return "route_not_found";
    case Errc::conflict: return "conflict";
    case Errc::gone: return "document_trashed";
    case Errc::too_large: return "body_too_large";
    case Errc::unsupported: return "type_unsupported";
    case Errc::too_many: return "too_many_requests";
    case Errc::storage_full: return "storage_full";
    case Errc::unavailable: return "unavailable";
    case Errc::internal: return "internal";
  }
  return "internal";
}

struct Title {
  int status;
  std::string_view fr, de;
};

constexpr Title kTitles[] = {
    {400, "Demande incompréhensible", "Anfrage nicht verständlich"},
    {401, "Connexion nécessaire", "Anmeldung erforderlich"},
    {403, "Action refusée", "Aktion verweigert"},
    {404, "Introuvable", "Nicht gefunden"},
    {405, "Action impossible ici", "Aktion hier nicht möglich"},
    {409, "Action impossible en l’état", "Aktion zurzeit nicht möglich"},
    {410, "Plus disponible", "Nicht mehr verfügbar"},
    {413, "Envoi trop volumineux", "Sendung zu gross"},
    {415, "Format non accepté", "Format nicht zulässig"},
    {422, "Saisie à corriger", "Eingabe zu korrigieren"},
    {429, "Trop de tentatives", "Zu viele Versuche"},
    {500, "Erreur du serveur", "Serverfehler"},
    {503, "Service momentanément indisponible", "Dienst vorübergehend nicht verfügbar"},
    {507, "Espace de stockage plein", "Speicher voll"},
};

std::string_view title_of(int status, Language language) {
  for (const auto& title : kTitles)
    if (title.status == status) return language == Language::de ? title.de : title.fr;
  if (status >= 500) return title_of(500, language);
  return title_of(400, language);
}

}  // namespace

const Sentence* find_sentence(std::string_view code) {
  const auto all = sentences();
  const auto found =
      std::lower_bound(all.begin(), all.end(), code,
                       [](const Sentence& sentence, std::string_view wanted) { return sentence.code < wanted; });
  return found != all.end() && found->code == code ? &*found : nullptr;
}

int status_of(const Error& error) {
  switch (error.kind) {
    case Errc::invalid: return error.field.empty() ? 400 : 422;
    case Errc::unauthenticated: return 401;
    case Errc::denied: return 403;
    case Errc::not_found: return 404;
    case Errc::conflict: return 409;
    case Errc::gone: return 410;
    case Errc::too_large: return 413;
    case Errc::unsupported: return 415;
    case Errc::too_many: return 429;
    case Errc::storage_full: return 507;
    case Errc::unavailable: return 503;
    case Errc::internal: return 500;
  }
  return 500;
}

net::Response problem(const net::Request& request, int status, std::string_view code, std::string_view field,
                      std::string_view suspect) {
  const Language language = choose_language(request.header("Accept-Language"));
  const Sentence* sentence = find_sentence(code);
  if (sentence == nullptr) sentence = find_sentence(status >= 500 ? "internal" : "body_malformed");
  boost::json::object body{{"type", "about:blank"},
                           {"status", status},
                           {"code", text_of(code)},
                           {"title", text_of(title_of(status, language))},
                           {"detail", text_of(language == Language::de ? sentence->de : sentence->fr)}};
  if (!field.empty()) body["field"] = text_of(field);
  if (!suspect.empty()) body["suspect"] = text_of(suspect);
  body["request_id"] = request.id;
  net::Response response{status, {}, boost::json::serialize(body)};
  response.with("Content-Type", "application/problem+json");
  response.with("Content-Language", language == Language::de ? "de-CH" : "fr");
  response.with("Cache-Control", "no-store");
  return response;
}

net::Response problem(const net::Request& request, const domain::Refusal& refusal) {
  const Error& error = refusal.error;
  const std::string_view code = find_sentence(error.code) != nullptr ? error.code : code_of_kind(error.kind);
  const std::string_view suspect =
      code == "registry_number_check" ? std::string_view(error.detail) : std::string_view();
  net::Response response = problem(request, status_of(error), code, error.field, suspect);
  std::chrono::seconds wait = refusal.retry_after;
  if (wait == 0s && error.kind == Errc::unavailable) wait = 5s;
  if (wait == 0s && error.kind == Errc::too_many) wait = 60s;
  if (wait > 0s) response.with("Retry-After", std::to_string(wait.count()));
  return response;
}

}  // namespace cluse::api
