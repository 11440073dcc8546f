// Letters: the mails that the core writes, in the reader's language, as plain text and as HTML.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/invitations.h"
#include "server/mail/message.h"

#include <map>
#include <string>

namespace cluse::domain {

struct LetterSettings {
  mail::Outbox* outbox = nullptr;  ///< null: nothing is sent. Outlives the services.
  std::string public_url;          ///< what links start with; configured, never taken from a request
  std::string instance_name = "Cluse";
};

enum class LinkPurpose {
  password,  ///< sets a new password
  sign_in,   ///< signs in once
};

struct LinkLetter {
  std::string key;  ///< of the link: one letter each
  std::string name, email, locale;
  LinkPurpose purpose = LinkPurpose::password;
  std::string token;
  Instant expires_at;
};

/// To somebody who asked for an account.
struct RequestLetter {
  enum class Kind {
    confirm,      ///< with a token: the address is hers
    waits,        ///< she has asked already
    has_account,  ///< she has an account
    granted,      ///< with a token: sets her password; without: she signs in as she came
    refused,      ///< with words
  };
  std::string key;  ///< one letter each
  std::string name, email, language;
  Kind kind = Kind::confirm;
  std::string token, words;
  Instant expires_at;
};

/// To administrators: an extension died too often and stays off.
struct ExtensionLetter {
  std::string id, version;
  std::map<std::string, std::string> name;  ///< by language
  std::string why;                          ///< in English, for whoever looks into it
};

/// Thread: any.
class Letters {
 public:
  Letters(Environment environment, LetterSettings settings)
      : environment_(environment), settings_(std::move(settings)) {}

  [[nodiscard]] bool is_on() const { return settings_.outbox != nullptr && settings_.outbox->is_on(); }

  /// To the address that the invitation names. `language`: "fr" or "de". On disk once it returns. Codes: those of
  /// mail::Outbox::put, "overloaded".
  Task<Result<void>> send_invitation(Invitation invitation, std::string token, std::string language);
  /// The same to somebody whose account waits for her: the token sets her password.
  Task<Result<void>> send_welcome(Invitation invitation, std::string token, std::string language);
  /// Nobody waits for those that are sent; what goes wrong is logged.
  void send_link(const LinkLetter& letter);
  void send_password_changed(const Profile& profile);
  void send_request(const RequestLetter& letter);
  /// On disk once it returns. Codes: those of mail::Outbox::put, "overloaded", "mail_off".
  Task<Result<void>> put_request(RequestLetter letter);
  /// Others keep trying to sign in as she.
  void send_tries(const Profile& profile);
  /// To every administrator who has an account and is not suspended.
  void send_plugin_off(ExtensionLetter letter);

  /// The page that a token opens. Behind #, so that no server and no proxy on the way writes it down.
  [[nodiscard]] std::string link_url(const std::string& token) const { return settings_.public_url + "/lien#" + token; }

  [[nodiscard]] mail::Message invitation_letter(const Invitation& invitation, const std::string& token,
                                                const std::string& language, bool has_account = false) const;
  [[nodiscard]] mail::Message link_letter(const LinkLetter& letter) const;
  [[nodiscard]] mail::Message password_changed_letter(const Profile& profile, Instant now) const;
  [[nodiscard]] mail::Message request_letter(const RequestLetter& letter) const;
  [[nodiscard]] mail::Message tries_letter(const Profile& profile, Instant now) const;
  [[nodiscard]] mail::Message plugin_off_letter(const Profile& profile, const ExtensionLetter& letter,
                                                Instant now) const;

 private:
  void send_soon(mail::Message message);

  // Fixed at construction
  const Environment environment_;
  const LetterSettings settings_;
};

}  // namespace cluse::domain
