#include "server/mail/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

namespace cluse::mail {
namespace {

constexpr std::size_t kWordsMax = 500;
constexpr long kConnectTimeoutMs = 15'000;

enum class Step { greeting, hello, starttls, authentication, sender, recipient, data, content };

/// One message on its way: what libcurl's callbacks see.
struct Conversation {
  const std::string* mail = nullptr;
  std::size_t given = 0;
  const std::atomic<bool>* stopping = nullptr;
  Step step = Step::greeting;
  std::string answer;  ///< the server's last line that refuses
};

void note_command(Conversation& conversation, std::string_view line) {
  // Of what we say only the verb is looked at: what follows AUTH is a password.
  constexpr std::pair<std::string_view, Step> kVerbs[] = {
      {"EHLO", Step::hello},  {"HELO", Step::hello},     {"STARTTLS", Step::starttls}, {"AUTH", Step::authentication},
      {"MAIL", Step::sender}, {"RCPT", Step::recipient}, {"DATA", Step::data}};
  for (const auto& [verb, step] : kVerbs) {
    if (line.starts_with(verb)) conversation.step = step;
  }
}

int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* to) {
  auto& conversation = *static_cast<Conversation*>(to);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_OUT) note_command(conversation, text);
  if (type == CURLINFO_HEADER_IN && text.size() >= 3) {
    // The goodbye that follows a refusal is no answer to it.
    if (text.front() >= '4') conversation.answer = text;
    if (conversation.step == Step::data && text.starts_with("354")) conversation.step = Step::content;
  }
  return 0;
}

std::size_t on_read(char* to, std::size_t size, std::size_t count, void* from) {
  auto& conversation = *static_cast<Conversation*>(from);
  const std::size_t n = std::min(size * count, conversation.mail->size() - conversation.given);
  std::memcpy(to, conversation.mail->data() + conversation.given, n);
  conversation.given += n;
  return n;
}

int on_progress(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& conversation = *static_cast<const Conversation*>(from);
  // Once the content is under way, ending would only make it arrive twice.
  return conversation.stopping->load() && conversation.step != Step::content ? 1 : 0;
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kWordsMax)) {
    if (c != '\r' && c != '\n') out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

Trouble trouble_of(CURLcode code, const Conversation& conversation, long answer) {
  switch (code) {
    case CURLE_OK: return Trouble::none;
    case CURLE_ABORTED_BY_CALLBACK: return Trouble::stopped;
    case CURLE_COULDNT_RESOLVE_HOST: return Trouble::name_not_found;
    case CURLE_COULDNT_CONNECT: return Trouble::unreachable;
    case CURLE_OPERATION_TIMEDOUT: return Trouble::timed_out;
    case CURLE_LOGIN_DENIED: return Trouble::authentication;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER: return Trouble::tls;
    default: break;
  }
  if (answer == 530 || answer == 535 || conversation.step == Step::authentication) return Trouble::authentication;
  if (answer < 400) return Trouble::conversation;  // the connection broke
  switch (conversation.step) {
    case Step::sender: return Trouble::sender_refused;
    case Step::recipient: return Trouble::recipient_refused;
    case Step::data:
    case Step::content: return Trouble::message_refused;
    default: return Trouble::conversation;
  }
}

void initialise_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::string domain_of(const std::string& address) {
  return address.substr(address.rfind('@') + 1);
}

std::string url_of(const SmtpServer& server, const std::string& from) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? '[' + server.host + ']' : server.host;
  // What stands after the slash is what we call ourselves in EHLO.
  return (server.encryption == Encryption::tls ? "smtps://" : "smtp://") + host + ':' + std::to_string(server.port) +
         '/' + domain_of(from);
}

}  // namespace

struct Smtp::Handle {
  Handle() : curl(curl_easy_init()) {}
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void set_up(const SmtpServer& server, const std::string& from) const {
    curl_easy_setopt(curl, CURLOPT_URL, url_of(server, from).c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, server.encryption == Encryption::none ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
    if (!server.user.empty()) {
      curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
      curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
    }
    const long timeout = static_cast<long>(server.timeout.count());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, kConnectTimeoutMs));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // the environment decides nothing here
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  }

  CURL* curl;
};

std::string_view to_text(Trouble trouble) {
  constexpr std::array<std::string_view, 11> kNames = {
      "none",           "name_not_found",    "unreachable",     "timed_out",    "tls",    "authentication",
      "sender_refused", "recipient_refused", "message_refused", "conversation", "stopped"};
  return kNames.at(static_cast<std::size_t>(trouble));
}

bool Attempt::is_final() const {
  return (trouble == Trouble::recipient_refused || trouble == Trouble::message_refused) && answer >= 500;
}

bool Attempt::concerns_all() const {
  return trouble != Trouble::none && trouble != Trouble::recipient_refused && trouble != Trouble::message_refused;
}

Smtp::Smtp(SmtpServer server) : server_(std::move(server)) {
  initialise_library();
}

Smtp::~Smtp() = default;

void Smtp::rest() {
  handle_.reset();
}

Attempt Smtp::send(const std::string& from, const std::string& to, const std::string& mail) {
  if (stopping_) return {Trouble::stopped, 0, {}};
  if (!handle_) handle_ = std::make_unique<Handle>();
  CURL* curl = handle_->curl;
  Conversation conversation;
  conversation.mail = &mail;
  conversation.stopping = &stopping_;
  std::array<char, CURL_ERROR_SIZE> complaint{};
  curl_slist* recipients = curl_slist_append(nullptr, ('<' + to + '>').c_str());
  curl_easy_reset(curl);  // the connection stays
  handle_->set_up(server_, from);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, complaint.data());
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ('<' + from + '>').c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &conversation);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &conversation);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &conversation);
  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(recipients);
  if (code == CURLE_OK) return {};
  long answer = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
  rest();  // a connection after a refusal is in no known state
  const std::string& heard = conversation.answer;
  const bool server_said_no = answer >= 400 && heard.starts_with(std::to_string(answer));
  const std::string words = server_said_no ? heard : complaint[0] != 0 ? complaint.data() : curl_easy_strerror(code);
  return {trouble_of(code, conversation, answer), static_cast<int>(answer), one_line(words)};
}

std::string advice(const Attempt& attempt, const SmtpServer& server) {
  const bool implicit_tls_port = server.port == 465 && server.encryption != Encryption::tls;
  const std::string place = server.host + ':' + std::to_string(server.port);
  switch (attempt.trouble) {
    case Trouble::none: return "The server took the message.";
    case Trouble::name_not_found: return "There is no server of the name " + server.host + ": look at mail.server.";
    case Trouble::unreachable:
      return "Nobody answers at " + place + ": look at mail.server and mail.port, and whether a firewall is between.";
    case Trouble::timed_out:
    case Trouble::conversation:
      if (implicit_tls_port) return "Port 465 speaks TLS from the first byte: set mail.encryption to \"tls\".";
      if (attempt.trouble == Trouble::timed_out) return place + " did not answer in time (mail.timeout).";
      return "The conversation with " + place + " broke off.";
    case Trouble::tls:
      if (server.encryption == Encryption::tls && server.port != 465)
        return "No secure connection to " + place +
               ": on a port other than 465 mail.encryption is mostly \"starttls\".";
      return "No secure connection to " + place +
             ": the certificate must be valid for that name; mail.ca_file names the authority of a private one.";
    case Trouble::authentication:
      return "The server did not accept who we say we are: look at mail.user and mail.password (or "
             "mail.password_file).";
    case Trouble::sender_refused: return "The server does not let this account send in the name of mail.sender.";
    case Trouble::recipient_refused: return "The server does not take mail for this address.";
    case Trouble::message_refused: return "The server took the addresses and refused the message.";
    case Trouble::stopped: return "Stopped.";
  }
  return {};
}

}  // namespace cluse::mail
