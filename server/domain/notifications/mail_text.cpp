// The mail of one or several notifications, as plain text and as HTML. No picture, nothing loaded from anywhere.

#include "server/domain/notifications/post.h"
#include "server/storage/sha256.h"

namespace cluse::domain::notifications {
namespace {

std::string pick(const std::string& language, const char* fr, const char* de) {
  return language == "de" ? de : fr;
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

std::string subject_of(const MailDraft& draft, const PostSettings& settings) {
  const bool de = draft.language == "de";
  const std::size_t all = draft.lines.size() + static_cast<std::size_t>(draft.more);
  if (draft.is_digest && all > 1)
    return (de ? "Ihr Tag auf " : "Votre journée sur ") + settings.instance_name + (de ? ": " : "\u00a0: ") +
           std::to_string(all) + (de ? " Neuigkeiten" : " nouveautés");
  if (all > 1) return std::to_string(all) + (de ? " Mitteilungen von " : " notifications de ") + settings.instance_name;
  const Shown& only = draft.lines[0];
  // A plugin's subject is a whole sentence; what the core names needs its own.
  if (draft.is_outside || !only.plugin.empty()) return only.title;
  return only.text.empty() ? only.title : only.title + (de ? ": " : "\u00a0: ") + only.text;
}

// A line break in what people wrote must not look like another line of the mail.
std::string flat(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  return text;
}

std::string link_of(const Shown& line, const PostSettings& settings, bool is_outside) {
  if (line.url.empty() && is_outside) return settings.public_url + "/";
  if (line.url.empty()) return settings.public_url + "/notifications";
  return settings.public_url + line.url;
}

std::string more_words(const MailDraft& draft) {
  const std::string count = std::to_string(draft.more);
  return draft.language == "de" ? "… und " + count + " weitere auf der Seite Mitteilungen."
                                : "… et " + count + " autres sur la page Notifications.";
}

std::string why_words(const MailDraft& draft, const PostSettings& settings) {
  const std::string& name = settings.instance_name;
  return draft.language == "de" ? "Sie erhalten diese E-Mail, weil Sie ein Konto auf " + name + " haben."
                                : "Vous recevez ce courriel parce que vous avez un compte sur " + name + ".";
}

struct Links {
  std::string settings, unsubscribe;
};

Links links_of(const MailDraft& draft, const PostSettings& settings) {
  return {settings.public_url + "/compte#notifications", settings.public_url + "/desabonnement/" + draft.unsubscribe};
}

std::string choose_words(const MailDraft& draft) {
  return pick(draft.language, "Choisir ce qui vient par courriel", "Wählen, was per E-Mail kommt");
}

std::string stop_words(const MailDraft& draft) {
  return pick(draft.language, "Ne plus recevoir ces courriels", "Diese E-Mails nicht mehr erhalten");
}

std::string greeting(const MailDraft& draft) {
  if (draft.to_name.empty()) return pick(draft.language, "Bonjour,", "Guten Tag");
  return pick(draft.language, "Bonjour ", "Guten Tag ") + draft.to_name + ',';
}

std::string text_of(const MailDraft& draft, const PostSettings& settings) {
  const bool de = draft.language == "de";
  std::string out = greeting(draft) + "\n\n";
  for (const Shown& line : draft.lines) {
    out += flat(line.title) + '\n';
    if (!line.text.empty()) out += flat(line.text) + '\n';
    out += link_of(line, settings, draft.is_outside) + "\n\n";
  }
  if (draft.more > 0) out += more_words(draft) + '\n' + settings.public_url + "/notifications\n\n";
  if (draft.is_outside) return out + "-- \n" + settings.instance_name + '\n';
  const Links links = links_of(draft, settings);
  const std::string colon = de ? ": " : "\u00a0: ";
  out += "-- \n" + why_words(draft, settings) + '\n' + choose_words(draft) + colon + links.settings + '\n' +
         stop_words(draft) + colon + links.unsubscribe + '\n';
  return out;
}

std::string html_of(const MailDraft& draft, const PostSettings& settings, const std::string& subject) {
  const std::string anchor = "<a style=\"color:#14506b\" href=\"";
  std::string out = "<!doctype html>\n<html lang=\"" + draft.language +
                    "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                    "<title>" +
                    escaped(subject) +
                    "</title>\n</head>\n<body style=\"margin:0;padding:24px;background:#ffffff;color:#1b2430;"
                    "font-family:sans-serif;font-size:16px;line-height:1.5\">\n<div style=\"max-width:36em\">\n"
                    "<p style=\"margin:0 0 16px\">" +
                    escaped(greeting(draft)) + "</p>\n<ul style=\"list-style:none;margin:0;padding:0\">\n";
  for (const Shown& line : draft.lines) {
    const std::string lang = line.title_language.empty() ? "" : " lang=\"" + escaped(line.title_language) + '"';
    out += "<li style=\"margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #14506b\"><a" + lang +
           " style=\"color:#14506b;font-weight:bold\" href=\"" + escaped(link_of(line, settings, draft.is_outside)) +
           "\">" + escaped(line.title) + "</a>";
    if (!line.text.empty()) out += "<br>" + escaped(line.text);
    out += "</li>\n";
  }
  out += "</ul>\n";
  if (draft.more > 0)
    out += "<p style=\"margin:0 0 16px\">" + anchor + escaped(settings.public_url) + "/notifications\">" +
           more_words(draft) + "</a></p>\n";
  if (draft.is_outside)
    return out + "<p style=\"margin:24px 0 0;color:#4a5563;font-size:14px\">" + escaped(settings.instance_name) +
           "</p>\n</div>\n</body>\n</html>\n";
  const Links links = links_of(draft, settings);
  return out + "<p style=\"margin:24px 0 0;color:#4a5563;font-size:14px\">" + escaped(why_words(draft, settings)) +
         "<br>" + anchor + escaped(links.settings) + "\">" + choose_words(draft) + "</a> · " + anchor +
         escaped(links.unsubscribe) + "\">" + stop_words(draft) + "</a></p>\n</div>\n</body>\n</html>\n";
}

}  // namespace

mail::Message to_message(const MailDraft& draft, const PostSettings& settings) {
  std::string ids;
  for (const Id id : draft.ids) ids += id.to_string();
  mail::Message message;
  message.key = "notifications " + storage::sha256_hex(ids);
  message.to = draft.to;
  message.to_name = draft.to_name;
  message.language = draft.language;
  message.subject = flat(subject_of(draft, settings));
  message.text = text_of(draft, settings);
  message.html = html_of(draft, settings, message.subject);
  message.thread = draft.thread;
  if (!draft.is_outside)
    message.unsubscribe_url = settings.public_url + "/api/v1/notifications/unsubscribe/" + draft.unsubscribe;
  return message;
}

}  // namespace cluse::domain::notifications
