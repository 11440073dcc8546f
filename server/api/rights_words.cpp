#include "server/api/rights_words.h"

#include "server/domain/organisations/days.h"

#include <array>

namespace cluse::api {
namespace {

using namespace domain::rights;  // NOLINT(google-build-using-namespace): this file is about nothing else
using State = Source::State;

struct Words {
  const char* fr;
  const char* de;
  [[nodiscard]] std::string in(Language language) const { return language == Language::de ? de : fr; }
};

constexpr std::array<Words, 7> kRoles = {{{"lecture", "Lesen"},
                                          {"commentaire", "Kommentieren"},
                                          {"rédaction", "Schreiben"},
                                          {"gestion", "Verwaltung"},
                                          {"secrétariat", "Sekretariat"},
                                          {"contrôle", "Kontrolle"},
                                          {"administration", "Administration"}}};

constexpr std::array<Words, kPermissionCount> kPermissions = {
    {{"lire le contenu", "Inhalte lesen"},
     {"commenter", "kommentieren"},
     {"modifier le contenu", "Inhalte bearbeiten"},
     {"supprimer définitivement", "endgültig löschen"},
     {"changer l’espace de travail", "den Arbeitsraum ändern"},
     {"gérer les membres", "Mitglieder verwalten"},
     {"donner et retirer des droits", "Rechte geben und entziehen"},
     {"créer des espaces de travail", "Arbeitsräume anlegen"},
     {"gérer les groupes", "Gruppen verwalten"},
     {"inviter des personnes", "Personen einladen"},
     {"gérer les personnes et leurs mandats", "Personen und ihre Mandate verwalten"},
     {"suspendre et réactiver des comptes", "Konten sperren und freigeben"},
     {"gérer les organismes", "Organisationen verwalten"},
     {"gérer les territoires, taux et règles", "Gebiete, Kurse und Regeln verwalten"},
     {"lire le journal", "das Journal lesen"},
     {"administrer l’instance", "die Instanz administrieren"},
     {"tenir la base de termes", "die Terminologie pflegen"}}};

std::string quoted(const std::string& name, Language language) {
  return language == Language::de ? "«" + name + "»" : "«\u00a0" + name + "\u00a0»";
}

std::string day_words(const std::string& iso) {
  return iso.size() < 10 ? iso : iso.substr(8, 2) + '.' + iso.substr(5, 2) + '.' + iso.substr(0, 4);
}

std::string scope_words(const NamedObject& scope, Language language) {
  constexpr std::array<Words, 4> kOn = {{{"toute l’instance", "die ganze Instanz"},
                                         {"le territoire ", "das Gebiet "},
                                         {"l’espace ", "den Arbeitsraum "},
                                         {"le document ", "das Dokument "}}};
  const std::string words = kOn[static_cast<std::size_t>(scope.object.kind)].in(language);
  return scope.object.kind == ScopeKind::instance ? words : words + quoted(scope.name, language);
}

std::string holder_words(const NamedHolder& holder, Language language) {
  constexpr std::array<Words, 4> kBy = {{{"directement", "direkt"},
                                         {"par le mandat ", "über das Mandat "},
                                         {"par l’organisme ", "über die Organisation "},
                                         {"par le groupe ", "über die Gruppe "}}};
  const std::string words = kBy[static_cast<std::size_t>(holder.holder.kind)].in(language);
  return holder.holder.kind == HolderKind::person ? words : words + quoted(holder.name, language);
}

std::string path_words(const Reason& reason, Language language) {
  std::string words;
  for (const auto& holder : reason.path) {
    // Within a group the person herself says nothing more.
    if (!words.empty() && holder.holder.kind == HolderKind::person) continue;
    words += (words.empty() ? "" : ", ") + holder_words(holder, language);
  }
  return words;
}

std::string state_words(const Source& source, Language language) {
  const bool de = language == Language::de;
  const std::string first = day_words(source.first_day), last = day_words(source.last_day);
  switch (source.state) {
    case State::not_yet: return de ? "; gilt erst ab dem " + first : "\u202f; vaut seulement à partir du " + first;
    case State::mandate_not_yet:
      return de ? "; das Mandat beginnt erst am " + first : "\u202f; le mandat ne commence que le " + first;
    case State::ended: return de ? "; am " + last + " abgelaufen" : "\u202f; a pris fin le " + last;
    case State::mandate_ended:
      return de ? "; das Mandat ist am " + last + " abgelaufen" : "\u202f; le mandat a pris fin le " + last;
    case State::holds: break;
  }
  if (source.last_day == domain::organisations::kStill) return "";
  return de ? ", bis zum " + last : ", jusqu’au " + last;
}

// The least role that has it.
Role least_role(Permission permission) {
  for (const Role role : roles())
    if (permissions_of(role).has(permission)) return role;
  return Role::administrator;
}

}  // namespace

std::string role_words(Role role, Language language) {
  return kRoles[static_cast<std::size_t>(role)].in(language);
}

std::string role_words(const GivenRole& role, Language language) {
  if (const auto known = role.known()) return role_words(*known, language);
  return language == Language::de ? role.name_de : role.name_fr;
}

std::string permission_words(Permission permission, Language language) {
  return kPermissions[static_cast<std::size_t>(permission)].in(language);
}

std::string reason_sentence(const Reason& reason, Language language) {
  const bool de = language == Language::de;
  if (reason.source.kind == Source::Kind::administrator)
    return de ? "Administriert die Instanz." : "Administre l’instance.";
  const std::string role = quoted(role_words(reason.source.role, language), language);
  const std::string scope = scope_words(reason.scope, language);
  if (reason.source.kind == Source::Kind::member)
    return de ? "Mitglied mit der Rolle " + role + " für " + scope + "."
              : "Membre avec le rôle " + role + " pour " + scope + ".";
  const std::string path = path_words(reason, language), state = state_words(reason.source, language);
  return de ? "Rolle " + role + " für " + scope + ", gegeben " + path + state + "."
            : "Rôle " + role + " sur " + scope + ", donné " + path + state + ".";
}

std::string answer_sentence(const Explanation& explanation, std::optional<Permission> asked, Language language) {
  const bool de = language == Language::de;
  const auto& judgement = explanation.judgement;
  if (judgement.is_suspended) return de ? "Nein: Das Konto ist gesperrt." : "Non\u202f: le compte est suspendu.";
  if (asked && judgement.permissions.has(*asked)) {
    const std::string may = permission_words(*asked, language);
    return de ? "Ja: darf " + may + "." : "Oui\u202f: peut " + may + ".";
  }
  if (judgement.permissions.is_empty())
    return de ? "Nein: Kein gültiges Recht führt hierher." : "Non\u202f: aucun droit en vigueur ne mène ici.";
  if (!asked) return de ? "Darf einiges hier." : "A des droits ici.";
  const std::string may = permission_words(*asked, language);
  const std::string role = quoted(role_words(least_role(*asked), language), language);
  return de ? "Nein: Die Rechte hier reichen nicht, um zu " + quoted(may, language) + "; dazu braucht es die Rolle " +
                  role + "."
            : "Non\u202f: les droits ici ne permettent pas de " + may + "\u202f; il faut le rôle " + role + ".";
}

}  // namespace cluse::api
