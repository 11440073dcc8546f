#include "server/domain/notifications/words.h"

#include <array>
#include <string_view>

namespace cluse::domain::notifications {
namespace {

struct RoleWords {
  std::string_view id, fr, de;
};
constexpr std::array<RoleWords, 7> kRoles = {{{"reader", "lecture", "Lesen"},
                                              {"commenter", "commentaire", "Kommentieren"},
                                              {"editor", "rédaction", "Schreiben"},
                                              {"manager", "gestion", "Verwaltung"},
                                              {"secretary", "secrétariat", "Sekretariat"},
                                              {"auditor", "contrôle", "Kontrolle"},
                                              {"administrator", "administration", "Administration"}}};

bool is_de(const Said& said) {
  return said.language == "de";
}

// A role that was made here comes by its name.
std::string role_words(const Said& said) {
  for (const auto& role : kRoles)
    if (role.id == said.role) return std::string(is_de(said) ? role.de : role.fr);
  return said.role;
}

std::string quoted(const Said& said, const std::string& name) {
  return is_de(said) ? "«" + name + "»" : "«\u00a0" + name + "\u00a0»";
}

std::string created(const Said& said) {
  const bool many = said.people.size() > 1;
  const std::string who = list_of_people(said.people, said.language);
  const std::string count = std::to_string(said.times);
  if (said.is_workspace) {
    if (who.empty()) return is_de(said) ? count + " neue Dokumente" : count + " nouveaux documents";
    return is_de(said) ? who + (many ? " haben " : " hat ") + count + " Dokumente erstellt"
                       : who + (many ? " ont créé " : " a créé ") + count + " documents";
  }
  const std::string in =
      is_de(said) ? "im Arbeitsraum " + quoted(said, said.workspace) : "dans " + quoted(said, said.workspace);
  if (who.empty()) return is_de(said) ? "Neues Dokument " + in : "Nouveau document " + in;
  return is_de(said) ? who + " hat dieses Dokument " + in + " erstellt" : who + " a créé ce document " + in;
}

std::string edited(const Said& said) {
  const bool many = said.people.size() > 1;
  const std::string who = list_of_people(said.people, said.language);
  if (who.empty()) return is_de(said) ? "Dieses Dokument wurde geändert" : "Ce document a été modifié";
  return is_de(said) ? who + (many ? " haben" : " hat") + " dieses Dokument bearbeitet"
                     : who + (many ? " ont" : " a") + " modifié ce document";
}

std::string given(const Said& said) {
  const std::string who = list_of_people(said.people, said.language);
  if (is_de(said)) {
    const std::string role = " (Rolle: " + role_words(said) + ")";
    return (who.empty() ? "Sie haben Zugang erhalten" : who + " hat Ihnen Zugang gegeben") + role;
  }
  const std::string role = " (rôle\u00a0: " + role_words(said) + ")";
  return (who.empty() ? "Un accès vous est ouvert" : who + " vous a donné accès") + role;
}

std::string accepted(const Said& said) {
  const bool many = said.people.size() > 1;
  const std::string who = list_of_people(said.people, said.language);
  if (is_de(said)) return who + (many ? " haben Ihre Einladungen" : " hat Ihre Einladung") + " angenommen";
  return who + (many ? " ont accepté vos invitations" : " a accepté votre invitation");
}

std::string invited(const Said& said) {
  const std::string who = list_of_people(said.people, said.language);
  if (is_de(said))
    return (who.empty() ? "Sie sind eingeladen" : who + " lädt Sie ein") + ". Der Link steht in der E-Mail an Sie.";
  return (who.empty() ? "Vous êtes invité" : who + " vous invite") + ". Le lien est dans le courriel reçu.";
}

}  // namespace

std::string list_of_people(const std::vector<std::string>& people, const std::string& language) {
  const bool de = language == "de";
  if (people.empty()) return "";
  if (people.size() == 1) return people[0];
  if (people.size() == 2) return people[0] + (de ? " und " : " et ") + people[1];
  const std::string more = std::to_string(people.size() - 1);
  return people[0] + (de ? " und " + more + " weitere Personen" : " et " + more + " autres personnes");
}

std::string day_words(const std::string& iso) {
  return iso.size() < 10 ? iso : iso.substr(8, 2) + '.' + iso.substr(5, 2) + '.' + iso.substr(0, 4);
}

std::string sentence_of(const Said& said) {
  if (said.kind == "document.created") return created(said);
  if (said.kind == "document.edited") return edited(said);
  if (said.kind == "access.given") return given(said);
  if (said.kind == "invitation.accepted") return accepted(said);
  if (said.kind == "invitation.received") return invited(said);
  if (said.kind == "twin.stale")
    return is_de(said) ? "Der Ausgangstext hat sich seit Ihrer Übersetzung geändert"
                       : "La source a changé depuis votre traduction";
  if (said.kind == "access.requested")
    return is_de(said) ? "Diese Zugangsanfrage wartet auf das Sekretariat"
                       : "Cette demande d’accès attend le secrétariat";
  if (said.kind == "mandate.ending")
    return is_de(said) ? "Ihr Mandat endet am " + day_words(said.day)
                       : "Votre mandat prend fin le " + day_words(said.day);
  return "";
}

std::string title_of(const Said& said) {
  if (said.kind == "access.requested" || said.kind == "mandate.ending") return said.name;
  if (said.kind == "invitation.received") return is_de(said) ? "Einladung" : "Invitation";
  if (said.kind == "invitation.accepted") return is_de(said) ? "Einladung angenommen" : "Invitation acceptée";
  if (said.kind == "access.given") {
    if (said.scope == "territory") return is_de(said) ? "Rechte auf einem Gebiet" : "Droits sur un territoire";
    return is_de(said) ? "Rechte auf der Instanz" : "Droits sur l’instance";
  }
  return "";
}

}  // namespace cluse::domain::notifications
