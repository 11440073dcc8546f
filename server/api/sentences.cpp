// The sentences of docs/api.md's codes. Each says what to do. French takes a narrow no-break space (U+202F) before
// double punctuation, German is that of Switzerland (ss).

#include "server/api/problem.h"

namespace cluse::api {
namespace {

constexpr Sentence kSentences[] = {
    {"body_malformed", "Le serveur n’a pas compris cette demande. Rechargez la page et réessayez.",
     "Der Server hat diese Anfrage nicht verstanden. Laden Sie die Seite neu und versuchen Sie es noch einmal."},
    {"body_too_large", "Ce fichier est trop volumineux. Réduisez-le ou partagez-le en plusieurs parties.",
     "Diese Datei ist zu gross. Verkleinern Sie sie oder teilen Sie sie auf."},
    {"coding_unknown", "Le codage de cette demande n’est pas accepté. Réessayez avec un navigateur à jour.",
     "Die Codierung dieser Anfrage wird nicht unterstützt. Versuchen Sie es mit einem aktuellen Browser."},
    {"conflict", "Ces données ont changé entre-temps. Rechargez la page et réessayez.",
     "Diese Daten wurden inzwischen geändert. Laden Sie die Seite neu und versuchen Sie es noch einmal."},
    {"content_damaged",
     "Une partie de ce document est illisible sur le disque. Prévenez la personne qui administre le serveur\u202F: "
     "une sauvegarde permet de le retrouver.",
     "Ein Teil dieses Dokuments ist auf der Festplatte nicht lesbar. Benachrichtigen Sie die Person, die den Server "
     "verwaltet: Eine Sicherung stellt es wieder her."},
    {"cross_origin", "Cette demande vient d’un autre site et a été refusée. Ouvrez Cluse dans son propre onglet.",
     "Diese Anfrage kommt von einer anderen Website und wurde abgelehnt. Öffnen Sie Cluse in einem eigenen Tab."},
    {"data_file_unreadable",
     "Un fichier de données de l’instance est illisible. Prévenez la personne qui administre le serveur.",
     "Eine Datendatei der Instanz ist nicht lesbar. Benachrichtigen Sie die Person, die den Server verwaltet."},
    {"date_malformed", "Cette date n’existe pas ou n’est pas écrite comme 2026-01-31. Corrigez-la.",
     "Dieses Datum gibt es nicht, oder es ist nicht wie 2026-01-31 geschrieben. Korrigieren Sie es."},
    {"denied", "Votre rôle ne permet pas cette action. Demandez-la à une personne qui gère cet espace de travail.",
     "Ihre Rolle erlaubt diese Aktion nicht. Wenden Sie sich an eine Person, die diesen Arbeitsbereich verwaltet."},
    {"document_not_found",
     "Ce document n’existe pas ou ne vous est pas ouvert. Vérifiez le lien ou demandez un accès à la personne qui "
     "vous l’a envoyé.",
     "Dieses Dokument gibt es nicht, oder Sie haben keinen Zugang. Prüfen Sie den Link oder bitten Sie die Person, "
     "die ihn geschickt hat, um Zugang."},
    {"document_not_trashed",
     "Seul un document de la corbeille peut être supprimé définitivement. Mettez-le d’abord à la corbeille.",
     "Nur ein Dokument im Papierkorb kann endgültig gelöscht werden. Legen Sie es zuerst in den Papierkorb."},
    {"document_trashed",
     "Ce document est dans la corbeille. Une personne qui peut modifier l’espace de travail peut le restaurer.",
     "Dieses Dokument liegt im Papierkorb. Wer im Arbeitsbereich schreiben darf, kann es wiederherstellen."},
    {"email_taken",
     "Un compte utilise déjà cette adresse électronique. Connectez-vous avec ce compte, puis ouvrez de nouveau "
     "l’invitation.",
     "Mit dieser E-Mail-Adresse gibt es bereits ein Konto. Melden Sie sich damit an und öffnen Sie die Einladung "
     "noch einmal."},
    {"expectation_failed",
     "Le serveur ne peut pas traiter cette demande comme elle est formulée. Réessayez avec un navigateur à jour.",
     "Der Server kann diese Anfrage so nicht bearbeiten. Versuchen Sie es mit einem aktuellen Browser."},
    {"field_invalid", "Cette valeur n’est pas acceptée. Corrigez le champ indiqué.",
     "Dieser Wert ist nicht zulässig. Korrigieren Sie das bezeichnete Feld."},
    {"field_missing", "Ce champ est nécessaire. Remplissez-le et réessayez.",
     "Dieses Feld ist erforderlich. Füllen Sie es aus und versuchen Sie es noch einmal."},
    {"field_too_long", "Ce texte est trop long. Raccourcissez-le et réessayez.",
     "Dieser Text ist zu lang. Kürzen Sie ihn und versuchen Sie es noch einmal."},
    {"headers_too_large", "Les en-têtes de cette demande sont trop longs. Effacez les cookies de ce site et réessayez.",
     "Die Kopfzeilen dieser Anfrage sind zu lang. Löschen Sie die Cookies dieser Website und versuchen Sie es noch "
     "einmal."},
    {"headers_too_many", "Cette demande contient trop d’en-têtes. Réessayez avec un navigateur à jour.",
     "Diese Anfrage enthält zu viele Kopfzeilen. Versuchen Sie es mit einem aktuellen Browser."},
    {"holidays_malformed",
     "Le tableau des jours fériés contient une erreur. Le détail dit la ligne et la clé à corriger.",
     "Die Feiertagstabelle enthält einen Fehler. Zeile und Schlüssel stehen im Detail."},
    {"https_required", "Ce serveur ne répond qu’en HTTPS. Ouvrez l’adresse qui commence par https.",
     "Dieser Server antwortet nur über HTTPS. Öffnen Sie die Adresse, die mit https beginnt."},
    {"image_not_found", "Cette image n’existe plus dans le document. Insérez-la de nouveau.",
     "Dieses Bild gibt es im Dokument nicht mehr. Fügen Sie es noch einmal ein."},
    {"image_unsupported",
     "Cette image n’est pas acceptée. Choisissez une image PNG, JPEG, GIF ou WebP de 100\u00A0millions de pixels au "
     "plus.",
     "Dieses Bild ist nicht zulässig. Wählen Sie ein Bild im Format PNG, JPEG, GIF oder WebP mit höchstens "
     "100\u00A0Millionen Pixeln."},
    {"import_not_text",
     "Ce fichier n’est pas un texte en UTF-8. Enregistrez-le en UTF-8, au format texte, Markdown ou HTML, et "
     "réessayez.",
     "Diese Datei ist kein Text in UTF-8. Speichern Sie sie in UTF-8 als Text, Markdown oder HTML und versuchen Sie "
     "es noch einmal."},
    {"internal",
     "Une erreur s’est produite sur le serveur. Réessayez dans un instant\u202F; si elle persiste, transmettez le "
     "numéro de la demande à l’assistance.",
     "Auf dem Server ist ein Fehler aufgetreten. Versuchen Sie es gleich noch einmal; bleibt der Fehler bestehen, "
     "geben Sie dem Support die Nummer der Anfrage an."},
    {"invitation_not_found",
     "Cette invitation n’existe pas. Vérifiez que le lien est complet ou demandez-en un nouveau.",
     "Diese Einladung gibt es nicht. Prüfen Sie, ob der Link vollständig ist, oder bitten Sie um einen neuen."},
    {"invitation_other_email",
     "Cette invitation est destinée à une autre adresse électronique. Utilisez l’adresse qui l’a reçue ou demandez "
     "une nouvelle invitation.",
     "Diese Einladung gilt für eine andere E-Mail-Adresse. Verwenden Sie die Adresse, an die sie ging, oder bitten "
     "Sie um eine neue."},
    {"invitation_over",
     "Cette invitation a déjà servi ou a expiré. Demandez-en une nouvelle à la personne qui vous a invité.",
     "Diese Einladung wurde schon verwendet oder ist abgelaufen. Bitten Sie die Person, die Sie eingeladen hat, um "
     "eine neue."},
    {"last_manager",
     "Cette personne est la seule à gérer cet espace de travail. Confiez d’abord ce rôle à une autre personne.",
     "Nur diese Person verwaltet den Arbeitsbereich. Übertragen Sie die Rolle zuerst einer anderen Person."},
    {"method_not_allowed", "Cette action n’existe pas à cette adresse. Rechargez la page et réessayez.",
     "Diese Aktion gibt es unter dieser Adresse nicht. Laden Sie die Seite neu und versuchen Sie es noch einmal."},
    {"method_unknown", "Le serveur ne connaît pas cette action. Réessayez avec un navigateur à jour.",
     "Der Server kennt diese Aktion nicht. Versuchen Sie es mit einem aktuellen Browser."},
    {"move_into_itself", "Un élément ne peut pas être rangé dans lui-même. Choisissez une autre destination.",
     "Ein Element kann nicht in sich selbst verschoben werden. Wählen Sie ein anderes Ziel."},
    {"not_signed_in", "Vous n’êtes pas ou plus connecté. Connectez-vous pour continuer.",
     "Sie sind nicht oder nicht mehr angemeldet. Melden Sie sich an, um fortzufahren."},
    {"password_weak",
     "Ce mot de passe est trop court. Choisissez-en un d’au moins 12\u00A0caractères, par exemple quelques mots sans "
     "rapport entre eux.",
     "Dieses Passwort ist zu kurz. Wählen Sie eines mit mindestens 12\u00A0Zeichen, zum Beispiel einige Wörter, die "
     "nichts miteinander zu tun haben."},
    {"password_wrong", "Le mot de passe actuel n’est pas le bon. Saisissez-le de nouveau.",
     "Das aktuelle Passwort stimmt nicht. Geben Sie es noch einmal ein."},
    {"person_not_found", "Cette personne n’a pas de compte ici. Envoyez-lui une invitation.",
     "Diese Person hat hier kein Konto. Senden Sie ihr eine Einladung."},
    {"request_malformed", "Cette demande n’est pas formulée selon les règles. Réessayez avec un navigateur à jour.",
     "Diese Anfrage ist nicht regelgerecht. Versuchen Sie es mit einem aktuellen Browser."},
    {"request_timeout", "La demande a mis trop de temps à arriver. Vérifiez votre connexion et réessayez.",
     "Die Anfrage ist zu langsam eingetroffen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal."},
    {"route_not_found", "Cette adresse n’existe pas. Vérifiez le lien ou revenez à l’accueil.",
     "Diese Adresse gibt es nicht. Prüfen Sie den Link oder kehren Sie zur Startseite zurück."},
    {"rule_messages_malformed",
     "Le fichier des phrases des règles contient une erreur. Le détail dit la ligne et la clé à corriger.",
     "Die Datei mit den Sätzen der Regeln enthält einen Fehler. Zeile und Schlüssel stehen im Detail."},
    {"rule_pack_altered",
     "Le jeu de règles qui a jugé cette décision a été modifié depuis. Rétablissez sa version d’origine pour la "
     "relire.",
     "Der Regelsatz, der diesen Entscheid beurteilt hat, wurde seither geändert. Stellen Sie die ursprüngliche Fassung "
     "wieder her."},
    {"rule_pack_malformed", "Ce jeu de règles contient une erreur. Le détail dit la ligne et la clé à corriger.",
     "Dieser Regelsatz enthält einen Fehler. Zeile und Schlüssel stehen im Detail."},
    {"rule_pack_no_such_notice",
     "Ce jeu de règles ne fixe aucun délai pour cet envoi. Choisissez un autre envoi ou un autre jeu de règles.",
     "Dieser Regelsatz nennt keine Frist für diesen Versand. Wählen Sie einen anderen Versand oder einen anderen "
     "Regelsatz."},
    {"rule_pack_none_in_force",
     "Aucune version de ce jeu de règles n’est en vigueur à cette date. Ajoutez une version qui la couvre.",
     "An diesem Tag ist keine Fassung dieses Regelsatzes in Kraft. Fügen Sie eine Fassung hinzu, die ihn abdeckt."},
    {"rule_pack_overlap",
     "Deux versions de ce jeu de règles seraient en vigueur le même jour. Corrigez leurs dates ou leurs numéros.",
     "Zwei Fassungen dieses Regelsatzes wären am selben Tag in Kraft. Korrigieren Sie ihre Daten oder Nummern."},
    {"rule_pack_unknown", "Ce jeu de règles ou cette version n’existe pas. Vérifiez son identifiant.",
     "Diesen Regelsatz oder diese Fassung gibt es nicht. Prüfen Sie die Kennung."},
    {"rule_pack_unsourced",
     "Une règle de ce jeu ne dit pas d’où elle vient. Ajoutez la référence et les mots de sa source.",
     "Eine Regel dieses Satzes nennt ihre Herkunft nicht. Fügen Sie die Fundstelle und den Wortlaut der Quelle hinzu."},
    {"seats_impossible",
     "Ces sièges ne peuvent pas être répartis ainsi. Vérifiez leur nombre, les populations et les limites.",
     "Diese Sitze lassen sich so nicht verteilen. Prüfen Sie ihre Zahl, die Bevölkerungen und die Grenzen."},
    {"setup_done", "Ce serveur est déjà installé. Connectez-vous avec votre compte.",
     "Dieser Server ist bereits eingerichtet. Melden Sie sich mit Ihrem Konto an."},
    {"setup_token_wrong",
     "Ce code d’installation n’est pas le bon. Copiez celui que le serveur a affiché à son démarrage.",
     "Dieser Einrichtungscode stimmt nicht. Kopieren Sie den Code, den der Server beim Start angezeigt hat."},
    {"sign_in_failed", "L’adresse électronique ou le mot de passe n’est pas le bon. Vérifiez les deux et réessayez.",
     "E-Mail-Adresse oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal."},
    {"storage_full",
     "Le serveur n’a plus de place pour enregistrer\u202F: rien n’a été modifié. Gardez votre texte et prévenez la "
     "personne qui administre le serveur.",
     "Der Server hat keinen Speicherplatz mehr; es wurde nichts geändert. Behalten Sie Ihren Text und "
     "benachrichtigen Sie die Person, die den Server verwaltet."},
    {"target_malformed", "Cette adresse contient des caractères qui n’ont pas de sens ici. Vérifiez le lien.",
     "Diese Adresse enthält Zeichen, die hier keinen Sinn ergeben. Prüfen Sie den Link."},
    {"target_too_long", "Cette adresse est trop longue. Raccourcissez votre recherche ou vérifiez le lien.",
     "Diese Adresse ist zu lang. Kürzen Sie Ihre Suche oder prüfen Sie den Link."},
    {"too_many_attempts", "Trop de tentatives en peu de temps. Attendez quelques minutes, puis réessayez.",
     "Zu viele Versuche in kurzer Zeit. Warten Sie einige Minuten und versuchen Sie es dann noch einmal."},
    {"too_many_documents",
     "Cet espace de travail a atteint son nombre maximal de documents. Videz la corbeille ou ouvrez un autre espace.",
     "Dieser Arbeitsbereich hat die Höchstzahl an Dokumenten erreicht. Leeren Sie den Papierkorb oder eröffnen Sie "
     "einen weiteren Arbeitsbereich."},
    {"too_many_requests", "Trop de demandes en peu de temps. Attendez une minute, puis réessayez.",
     "Zu viele Anfragen in kurzer Zeit. Warten Sie eine Minute und versuchen Sie es dann noch einmal."},
    {"type_unsupported", "Ce format n’est pas accepté ici. Choisissez un autre type de fichier.",
     "Dieses Format ist hier nicht zulässig. Wählen Sie einen anderen Dateityp."},
    {"unavailable",
     "Le serveur n’est pas disponible pour le moment. Votre travail est conservé\u202F: réessayez dans quelques "
     "instants.",
     "Der Server ist zurzeit nicht verfügbar. Ihre Arbeit bleibt erhalten: Versuchen Sie es in einigen Augenblicken "
     "noch einmal."},
    {"upgrade_required", "Cette adresse attend une connexion en temps réel. Ouvrez le document dans Cluse.",
     "Diese Adresse erwartet eine Echtzeitverbindung. Öffnen Sie das Dokument in Cluse."},
    {"version_unsupported", "La version du protocole n’est pas acceptée. Réessayez avec un navigateur à jour.",
     "Diese Protokollversion wird nicht unterstützt. Versuchen Sie es mit einem aktuellen Browser."},
    {"websocket_version_unsupported",
     "Cette version de la connexion en temps réel n’est pas acceptée. Réessayez avec un navigateur à jour.",
     "Diese Version der Echtzeitverbindung wird nicht unterstützt. Versuchen Sie es mit einem aktuellen Browser."},
    {"workspace_not_found",
     "Cet espace de travail n’existe pas ou ne vous est pas ouvert. Vérifiez le lien ou demandez une invitation.",
     "Diesen Arbeitsbereich gibt es nicht, oder Sie haben keinen Zugang. Prüfen Sie den Link oder bitten Sie um eine "
     "Einladung."},
    {"zone_unknown", "Ce fuseau horaire n’existe pas. Indiquez par exemple Europe/Paris ou Europe/Zurich.",
     "Diese Zeitzone gibt es nicht. Geben Sie zum Beispiel Europe/Paris oder Europe/Zurich an."},
};

}  // namespace

std::span<const Sentence> sentences() {
  return kSentences;
}

}  // namespace cluse::api
