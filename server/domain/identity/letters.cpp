#include "server/domain/identity/letters.h"

#include "server/base/log.h"

#include <utility>
#include <vector>

namespace cluse::domain {
namespace {

/// One letter, before it becomes text and HTML.
struct Words {
  std::string language, subject, greeting;
  std::vector<std::string> paragraphs;
  std::string button, url;  ///< may be empty
  std::vector<std::string> after;
};

std::string pick(const std::string& language, const char* fr, const char* de) {
  return language == "de" ? de : fr;
}

std::string language_of(const std::string& locale) {
  return locale.starts_with("de") ? "de" : "fr";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string text_of(const Words& words, const std::string& signature) {
  std::string out = words.greeting + "\n\n";
  for (const std::string& paragraph : words.paragraphs) out += paragraph + "\n\n";
  if (!words.url.empty()) out += words.url + "\n\n";
  for (const std::string& paragraph : words.after) out += paragraph + "\n\n";
  return out + "-- \n" + signature + '\n';
}

// No picture, nothing loaded from anywhere: it reads the same with a screen reader, on a phone and printed.
std::string html_of(const Words& words, const std::string& signature) {
  const auto paragraph = [](const std::string& text) { return "<p style=\"margin:0 0 16px\">" + text + "</p>\n"; };
  std::string out = "<!doctype html>\n<html lang=\"" + words.language +
                    "\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
                    escaped(words.subject) +
                    "</title>\n</head>\n<body style=\"margin:0;padding:24px;background:#ffffff;color:#1b2430;"
                    "font-family:sans-serif;font-size:16px;line-height:1.5\">\n<div style=\"max-width:36em\">\n";
  out += paragraph(escaped(words.greeting));
  for (const std::string& each : words.paragraphs) out += paragraph(escaped(each));
  if (!words.url.empty()) {
    const std::string url = escaped(words.url);
    out += paragraph("<a href=\"" + url +
                     "\" style=\"display:inline-block;padding:10px 18px;border-radius:6px;background:#14506b;"
                     "color:#ffffff;text-decoration:none\">" +
                     escaped(words.button) + "</a>");
    out += paragraph("<a href=\"" + url + "\" style=\"color:#14506b;word-break:break-all\">" + url + "</a>");
  }
  for (const std::string& each : words.after) out += paragraph(escaped(each));
  return out + "<p style=\"margin:24px 0 0;color:#4a5563\">" + escaped(signature) + "</p>\n</div>\n</body>\n</html>\n";
}

std::string day_of(Instant at) {
  const std::string text = to_rfc3339(at);
  return text.substr(8, 2) + '.' + text.substr(5, 2) + '.' + text.substr(0, 4);
}

mail::Message finish(std::string key, std::string to, std::string to_name, const Words& words,
                     const std::string& signature) {
  mail::Message message;
  message.key = std::move(key);
  message.to = std::move(to);
  message.to_name = std::move(to_name);
  message.language = words.language;
  message.subject = words.subject;
  message.text = text_of(words, signature);
  message.html = html_of(words, signature);
  return message;
}

std::string greeting(const std::string& language, const std::string& name) {
  return pick(language, "Bonjour", "Guten Tag") + (name.empty() ? "" : " " + name) + ',';
}

void confirm_words(Words& words, const std::string& instance, const std::string& url) {
  const std::string& language = words.language;
  words.subject = pick(language, "Confirmer votre demande d’accès", "Ihre Zugangsanfrage bestätigen");
  words.paragraphs.push_back(
      language == "de" ? "Jemand, wohl Sie selbst, möchte mit dieser Adresse ein Konto auf " + instance + "."
                       : "Quelqu’un, sans doute vous, demande un compte sur " + instance + " avec cette adresse.");
  words.button = pick(language, "Confirmer ma demande", "Meine Anfrage bestätigen");
  words.url = url + "/demande";
  words.after.push_back(pick(language, "Ce lien sert pendant deux jours. Le secrétariat lit ensuite votre demande.",
                             "Dieser Link gilt zwei Tage. Danach liest das Sekretariat Ihre Anfrage."));
  words.after.push_back(pick(language, "Si vous n’avez rien demandé, ne faites rien\u202f: la demande s’efface seule.",
                             "Wenn Sie nichts verlangt haben, tun Sie nichts: Die Anfrage löscht sich von selbst."));
}

void has_account_words(Words& words, const std::string& instance, const std::string& url) {
  const std::string& language = words.language;
  words.subject = pick(language, "Vous avez déjà un compte", "Sie haben schon ein Konto");
  words.paragraphs.push_back(language == "de" ? "Jemand, wohl Sie selbst, hat mit dieser Adresse ein Konto auf " +
                                                    instance + " verlangt. Sie haben schon eines."
                                              : "Quelqu’un, sans doute vous, a demandé un compte sur " + instance +
                                                    " avec cette adresse. Vous en avez déjà un.");
  words.button = pick(language, "Se connecter", "Anmelden");
  words.url = url + "/connexion";
  words.after.push_back(pick(language, "Si vous n’avez plus votre mot de passe, cette page en fait choisir un autre.",
                             "Wenn Sie Ihr Passwort nicht mehr haben, können Sie dort ein neues wählen."));
}

void waits_words(Words& words, const std::string& instance) {
  const std::string& language = words.language;
  words.subject = pick(language, "Votre demande d’accès attend déjà", "Ihre Zugangsanfrage liegt schon vor");
  words.paragraphs.push_back(
      language == "de"
          ? "Ihre Anfrage für " + instance + " liegt dem Sekretariat schon vor. Sie müssen nichts mehr tun."
          : "Le secrétariat a déjà votre demande pour " + instance + ". Vous n’avez plus rien à faire.");
}

void granted_words(Words& words, const RequestLetter& letter, const std::string& instance, const std::string& url,
                   const std::string& link) {
  const std::string& language = words.language;
  words.subject = pick(language, "Votre accès est ouvert", "Ihr Zugang ist offen");
  words.paragraphs.push_back(language == "de"
                                 ? "Ihre Anfrage ist angenommen: Sie haben ein Konto auf " + instance + "."
                                 : "Votre demande est acceptée\u202f: vous avez un compte sur " + instance + ".");
  const bool chooses = !letter.token.empty();
  words.button = chooses ? pick(language, "Choisir mon mot de passe", "Mein Passwort wählen")
                         : pick(language, "Se connecter", "Anmelden");
  words.url = chooses ? link : url + "/connexion";
  if (chooses)
    words.after.push_back(pick(language, "Ce lien sert une fois, dans les sept jours. Ne le transmettez à personne.",
                               "Dieser Link gilt einmal und sieben Tage lang. Geben Sie ihn niemandem weiter."));
}

void refused_words(Words& words, const RequestLetter& letter, const std::string& instance) {
  const std::string& language = words.language;
  words.subject = pick(language, "Votre demande d’accès", "Ihre Zugangsanfrage");
  words.paragraphs.push_back(
      language == "de"
          ? "Das Sekretariat öffnet Ihnen kein Konto auf " + instance + ". Es schreibt Ihnen dazu:"
          : "Le secrétariat ne vous ouvre pas de compte sur " + instance + ". Il vous écrit à ce sujet\u202f:");
  words.paragraphs.push_back(letter.words);
}

}  // namespace

mail::Message Letters::request_letter(const RequestLetter& letter) const {
  const std::string& instance = settings_.instance_name;
  const std::string& url = settings_.public_url;
  Words words{letter.language, "", greeting(letter.language, letter.name), {}, "", "", {}};
  switch (letter.kind) {
    case RequestLetter::Kind::confirm:
      confirm_words(words, instance, url);
      words.url += "#" + letter.token;
      break;
    case RequestLetter::Kind::has_account: has_account_words(words, instance, url); break;
    case RequestLetter::Kind::waits: waits_words(words, instance); break;
    case RequestLetter::Kind::granted: granted_words(words, letter, instance, url, link_url(letter.token)); break;
    case RequestLetter::Kind::refused: refused_words(words, letter, instance); break;
  }
  auto message = finish("request " + letter.key, letter.email, letter.name, words, instance);
  message.expires_at = letter.expires_at;
  return message;
}

mail::Message Letters::invitation_letter(const Invitation& invitation, const std::string& token,
                                         const std::string& language, bool has_account) const {
  const bool de = language == "de";
  const std::string by = invitation.invited_by ? invitation.invited_by->name : settings_.instance_name;
  const std::string& space = invitation.workspace_name;
  Words words{language, "", greeting(language, ""), {}, "", settings_.public_url + "/invitation/" + token, {}};
  words.button = pick(language, "Ouvrir l’invitation", "Einladung öffnen");
  if (has_account) {
    words.url = link_url(token);
    words.button = pick(language, "Choisir mon mot de passe", "Mein Passwort wählen");
  }
  if (space.empty()) {
    words.subject = de ? by + " lädt Sie zu " + settings_.instance_name + " ein"
                       : by + " vous invite sur " + settings_.instance_name;
    words.paragraphs.push_back(de ? by + " lädt Sie ein, ein Konto auf " + settings_.instance_name + " zu eröffnen."
                                  : by + " vous invite à ouvrir un compte sur " + settings_.instance_name + ".");
  } else {
    words.subject = de ? by + " lädt Sie in «" + space + "» ein" : by + " vous invite dans «\u00a0" + space + "\u00a0»";
    words.paragraphs.push_back(de ? by + " lädt Sie ein, im Arbeitsraum «" + space + "» mitzuarbeiten."
                                  : by + " vous invite à rejoindre l’espace de travail «\u00a0" + space + "\u00a0».");
  }
  const std::string until = day_of(invitation.expires_at);
  words.after.push_back(de ? "Diese Einladung gilt für eine Person und bis zum " + until + "."
                           : "Cette invitation vaut pour une personne et jusqu’au " + until + ".");
  words.after.push_back(
      pick(language, "Si vous ne connaissez pas la personne qui vous invite, ne tenez pas compte de ce message.",
           "Wenn Sie die einladende Person nicht kennen, beachten Sie diese Nachricht nicht."));
  auto message = finish("invitation " + invitation.id.to_string(), invitation.email.value_or(""), "", words,
                        settings_.instance_name);
  message.expires_at = invitation.expires_at;
  return message;
}

mail::Message Letters::link_letter(const LinkLetter& letter) const {
  const std::string language = language_of(letter.locale);
  const bool sets_password = letter.purpose == LinkPurpose::password;
  Words words{language, "", greeting(language, letter.name), {}, "", link_url(letter.token), {}};
  if (sets_password) {
    words.subject = pick(language, "Choisir un nouveau mot de passe", "Ein neues Passwort wählen");
    words.paragraphs.push_back(pick(language, "Quelqu’un, sans doute vous, a demandé à changer votre mot de passe.",
                                    "Jemand, wohl Sie selbst, möchte Ihr Passwort ändern."));
    words.button = words.subject;
  } else {
    words.subject = pick(language, "Votre lien de connexion", "Ihr Link zur Anmeldung");
    words.paragraphs.push_back(pick(language, "Voici le lien qui vous connecte, sans mot de passe.",
                                    "Mit diesem Link melden Sie sich ohne Passwort an."));
    words.button = pick(language, "Se connecter", "Anmelden");
  }
  words.after.push_back(
      pick(language, "Ce lien sert une fois, dans les 30 minutes.", "Dieser Link gilt einmal und 30 Minuten lang."));
  words.after.push_back(
      pick(language,
           "Si vous n’avez rien demandé, ne faites rien\u202f: rien ne change sans ce lien. Ne le transmettez "
           "à personne.",
           "Wenn Sie nichts verlangt haben, tun Sie nichts: Ohne diesen Link ändert sich nichts. Geben Sie ihn "
           "niemandem weiter."));
  auto message = finish("link " + letter.key, letter.email, letter.name, words, settings_.instance_name);
  message.expires_at = letter.expires_at;
  return message;
}

mail::Message Letters::password_changed_letter(const Profile& profile, Instant now) const {
  const std::string language = language_of(profile.ui_locale);
  Words words{language, "", greeting(language, profile.person.name), {}, "", "", {}};
  words.subject = pick(language, "Votre mot de passe a changé", "Ihr Passwort wurde geändert");
  words.paragraphs.push_back(
      pick(language, "Le mot de passe de votre compte vient d’être changé. Toutes vos autres sessions sont fermées.",
           "Das Passwort Ihres Kontos wurde soeben geändert. Alle Ihre anderen Sitzungen sind beendet."));
  words.after.push_back(
      pick(language,
           "Si ce n’était pas vous, demandez aussitôt un nouveau mot de passe depuis la page de connexion et "
           "prévenez la personne qui administre le serveur.",
           "Wenn Sie das nicht waren, verlangen Sie auf der Anmeldeseite sofort ein neues Passwort und "
           "benachrichtigen Sie die Person, die den Server verwaltet."));
  return finish("password " + profile.person.id.to_string() + " " + std::to_string(now.ms), profile.email,
                profile.person.name, words, settings_.instance_name);
}

mail::Message Letters::tries_letter(const Profile& profile, Instant now) const {
  const std::string language = language_of(profile.ui_locale);
  Words words{language, "", greeting(language, profile.person.name), {}, "", settings_.public_url + "/connexion", {}};
  words.subject = pick(language, "Des essais de connexion à votre compte ont échoué",
                       "Fehlgeschlagene Anmeldeversuche bei Ihrem Konto");
  words.paragraphs.push_back(pick(language,
                                  "Plusieurs essais de connexion à votre compte viennent d’échouer. Personne n’est "
                                  "entré par là, et votre compte n’est pas bloqué.",
                                  "Mehrere Versuche, sich bei Ihrem Konto anzumelden, sind soeben gescheitert. Auf "
                                  "diesem Weg ist niemand hineingekommen, und Ihr Konto ist nicht gesperrt."));
  words.paragraphs.push_back(
      pick(language, "Si c’était vous, il n’y a rien à faire\u202f; « Mot de passe oublié » vous aide au besoin.",
           "Wenn Sie das waren, müssen Sie nichts tun; «Passwort vergessen» hilft bei Bedarf weiter."));
  words.button = pick(language, "Ouvrir la page de connexion", "Anmeldeseite öffnen");
  words.after.push_back(pick(
      language,
      "Si ce n’était pas vous, choisissez un mot de passe long qui ne sert nulle part ailleurs, et activez la "
      "double authentification sur la page Mon compte. Si cela recommence, prévenez la personne qui administre le "
      "serveur.",
      "Wenn Sie das nicht waren, wählen Sie ein langes Passwort, das Sie sonst nirgends verwenden, und schalten Sie "
      "auf der Seite Mein Konto die Zwei-Faktor-Authentifizierung ein. Wenn es wieder vorkommt, benachrichtigen "
      "Sie die Person, die den Server verwaltet."));
  words.after.push_back(pick(language, "Ce message part une fois par jour au plus.",
                             "Diese Nachricht wird höchstens einmal am Tag verschickt."));
  return finish("tries " + profile.person.id.to_string() + " " + std::to_string(now.ms), profile.email,
                profile.person.name, words, settings_.instance_name);
}

mail::Message Letters::plugin_off_letter(const Profile& profile, const ExtensionLetter& letter, Instant now) const {
  const std::string language = language_of(profile.ui_locale);
  const auto named = letter.name.find(language);
  const std::string name = named == letter.name.end() ? letter.id : named->second;
  Words words{language, "", greeting(language, profile.person.name),
              {},       "", settings_.public_url + "/administration/extensions",
              {}};
  words.subject = pick(language, "Une extension est arrêtée\u00a0: ", "Eine Erweiterung steht still: ") + name;
  words.paragraphs.push_back(
      pick(language, "L’extension «\u00a0", "Die Erweiterung «") + name +
      pick(language,
           "\u00a0» s’est arrêtée trois fois en dix minutes. Elle reste arrêtée jusqu’à ce que vous l’activiez de "
           "nouveau. Le reste du serveur n’est pas touché, et ses données sont là.",
           "» ist innert zehn Minuten dreimal ausgefallen. Sie bleibt ausgeschaltet, bis Sie sie wieder einschalten. "
           "Der übrige Server ist nicht betroffen, und ihre Daten sind da."));
  words.paragraphs.push_back(letter.id + " " + letter.version + ": " + letter.why);
  words.button = pick(language, "Ouvrir les extensions", "Erweiterungen öffnen");
  return finish("plugin off " + letter.id + " " + profile.person.id.to_string() + " " + std::to_string(now.ms),
                profile.email, profile.person.name, words, settings_.instance_name);
}

void Letters::send_plugin_off(ExtensionLetter letter) {
  if (!is_on()) return;
  const Instant now = environment_.clock.now();
  auto body = [](storage::Snapshot& snapshot) -> Result<std::vector<Profile>> {
    std::vector<Profile> administrators;
    for (const auto& row : snapshot.all(
             "SELECT p.id, p.name, p.ui_locale, a.email FROM person p "
             "JOIN account a ON a.person_id = p.id WHERE p.is_admin = 1 AND p.suspended_at IS NULL ORDER BY p.id")) {
      Profile profile;
      profile.person.id = row.id(0);
      profile.person.name = row.text(1);
      profile.ui_locale = row.text(2);
      profile.email = row.text(3);
      administrators.push_back(std::move(profile));
    }
    return administrators;
  };
  const auto administrators = environment_.database.read_now(std::move(body));
  if (!administrators) return log_warning("mail_not_queued", {{"code", std::string(administrators.error().code)}});
  for (const Profile& profile : *administrators) send_soon(plugin_off_letter(profile, letter, now));
}

Task<Result<void>> Letters::send_invitation(Invitation invitation, std::string token, std::string language) {
  if (!is_on()) co_return fail(Errc::unavailable, "mail_off");
  auto put = [outbox = settings_.outbox, message = invitation_letter(invitation, token, language)]() -> Result<void> {
    return outbox->put(message);
  };
  auto done = co_await environment_.workers.run(std::move(put));
  co_return done;
}

Task<Result<void>> Letters::send_welcome(Invitation invitation, std::string token, std::string language) {
  if (!is_on()) co_return fail(Errc::unavailable, "mail_off");
  auto put = [outbox = settings_.outbox,
              message = invitation_letter(invitation, token, language, true)]() -> Result<void> {
    return outbox->put(message);
  };
  auto done = co_await environment_.workers.run(std::move(put));
  co_return done;
}

void Letters::send_link(const LinkLetter& letter) {
  send_soon(link_letter(letter));
}

void Letters::send_password_changed(const Profile& profile) {
  send_soon(password_changed_letter(profile, environment_.clock.now()));
}

void Letters::send_tries(const Profile& profile) {
  send_soon(tries_letter(profile, environment_.clock.now()));
}

void Letters::send_request(const RequestLetter& letter) {
  send_soon(request_letter(letter));
}

Task<Result<void>> Letters::put_request(RequestLetter letter) {
  if (!is_on()) co_return fail(Errc::unavailable, "mail_off");
  auto put = [outbox = settings_.outbox, message = request_letter(letter)]() -> Result<void> {
    return outbox->put(message);
  };
  auto done = co_await environment_.workers.run(std::move(put));
  co_return done;
}

void Letters::send_soon(mail::Message message) {
  if (!is_on()) return;
  auto put = [outbox = settings_.outbox, message = std::move(message)] {
    if (const auto done = outbox->put(message); !done)
      log_warning("mail_not_queued", {{"code", std::string(done.error().code)}, {"why", done.error().detail}});
  };
  if (!environment_.workers.submit(std::move(put))) log_warning("mail_not_queued", {{"code", "overloaded"}});
}

}  // namespace cluse::domain
