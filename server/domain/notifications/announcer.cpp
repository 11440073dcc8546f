#include "server/domain/notifications/announcer.h"

#include "server/domain/notifications/rows.h"
#include "server/domain/text.h"
#include "server/storage/sha256.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace cluse::domain::notifications {
namespace {

constexpr std::int64_t kDayMs = 24 * std::int64_t{3'600'000};

std::string words_of(const Announcement& said) {
  const auto object = [](const Announcement::Words& words) {
    return boost::json::object{{"subject", words.subject}, {"body", words.body}};
  };
  return boost::json::serialize(boost::json::object{{"fr", object(said.french)}, {"de", object(said.german)}});
}

// A page of ours, and never another host's ("//…").
bool is_own_path(const std::string& url) {
  if (url.empty()) return true;
  if (url.size() > kAnnouncedUrlBytesMax || url[0] != '/' || url.starts_with("//")) return false;
  for (const char c : url)
    if (static_cast<unsigned char>(c) <= 0x20 || c == '\\') return false;
  return true;
}

std::int64_t said_lately(storage::Snapshot& snapshot, const std::string& plugin, Instant now) {
  return snapshot
      .one("SELECT COUNT(*) FROM notification WHERE plugin_id = ? AND updated_at > ?", {plugin, now.ms - kDayMs})
      ->integer(0);
}

Result<void> tell(storage::Transaction& tx, const Announcement& said, const NewNotification& made, bool has_mail,
                  Instant now) {
  if (!tx.one("SELECT 1 FROM person WHERE id = ? AND erased_at IS NULL", {made.person}))
    return fail(Errc::not_found, "person_not_found", made.person.to_string());
  const auto count =
      tx.one("SELECT COUNT(*) FROM notification WHERE person_id = ? AND plugin_id = ? AND updated_at > ?",
             {made.person, said.plugin, now.ms - kDayMs});
  if (count->integer(0) >= kAnnouncedPerPersonMax)
    return fail(Errc::too_many, "too_many_notifications", "to one person within a day");
  add(tx, made, has_mail, now);
  return {};
}

}  // namespace

Result<void> Announcer::check(const Announcement& said) const {
  if (said.people.size() + said.addresses.size() > kAnnouncedToMax)
    return fail(Errc::too_many, "too_many_notifications", "at most 200 people and addresses at once");
  if (!is_own_path(said.url)) return fail(Errc::invalid, "field_invalid", "url is a path of this server", "url");
  if (!said.addresses.empty() && (settings_.outbox == nullptr || !settings_.outbox->is_on()))
    return fail(Errc::unavailable, "mail_off");
  for (const auto& each : said.addresses)
    if (!clean_email(each.address, "address")) return fail(Errc::invalid, "mail_address_wrong", each.address);
  return {};
}

Result<void> Announcer::write(const Announcement& said) {
  const Instant now = environment_.clock.now();
  const bool has_mail = settings_.outbox != nullptr && settings_.outbox->is_on();
  return environment_.database.write_now([&said, has_mail, now](storage::Transaction& tx) -> Result<void> {
    if (said_lately(tx, said.plugin, now) + static_cast<std::int64_t>(said.people.size()) > kAnnouncedPerDayMax)
      return fail(Errc::too_many, "too_many_notifications", "of one plugin within a day");
    NewNotification made;
    made.importance = said.importance;
    made.kind = said.key;
    made.plugin = said.plugin;
    made.args = words_of(said);
    made.subject.url = said.url;
    // Word for word the same, and not read yet: one line.
    made.group = "plugin " + storage::sha256_hex(said.plugin + '\n' + said.key + '\n' + said.url + '\n' + made.args);
    for (const Id person : said.people) {
      made.person = person;
      CLUSE_CHECK(tell(tx, said, made, has_mail, now));
    }
    return {};
  });
}

Result<void> Announcer::mail(const Announcement& said) const {
  const Instant now = environment_.clock.now();
  for (const auto& each : said.addresses) {
    const auto& words = each.language == "de" ? said.german : said.french;
    MailDraft draft;
    draft.to = each.address;
    draft.language = each.language == "de" ? "de" : "fr";
    draft.lines.push_back({});
    draft.lines[0].title = words.subject;
    draft.lines[0].text = words.body;
    draft.lines[0].url = said.url;
    draft.is_outside = true;
    draft.ids = {new_id(now)};
    draft.thread = said.plugin + ' ' + said.key + ' ' + said.url;
    const auto message = to_message(draft, settings_);
    // Known before it is queued: what fails at once has a plugin to go back to.
    CLUSE_CHECK(environment_.database.write_now([&](storage::Transaction& tx) -> Result<void> {
      tx.run(
          "INSERT INTO announced_mail (mail_key, plugin_id, message, address, url, created_at) "
          "VALUES (?, ?, ?, ?, ?, ?)",
          {message.key, said.plugin, said.key, each.address, said.url, now});
      return {};
    }));
    CLUSE_CHECK(settings_.outbox->put(message));
  }
  return {};
}

Result<std::vector<FailedAnnouncement>> Announcer::failed(const FateOf& fate_of) {
  const Instant now = environment_.clock.now(), long_ago = now - kAnnouncedMailKept;
  bool is_old = false;
  CLUSE_TRY(open, environment_.database.read_now([&](storage::Snapshot& snapshot) {
    std::vector<FailedAnnouncement> all;
    for (const auto& row : snapshot.all("SELECT mail_key, plugin_id, message, address, url, failed FROM announced_mail "
                                        "WHERE left_at IS NULL ORDER BY created_at"))
      all.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)});
    is_old = snapshot.one("SELECT 1 FROM announced_mail WHERE created_at <= ? LIMIT 1", {long_ago}).has_value();
    return Result<std::vector<FailedAnnouncement>>(std::move(all));
  }));
  std::vector<FailedAnnouncement> failed;
  std::vector<std::string> left;
  for (auto& each : open) {
    const auto fate = each.why.empty() ? fate_of(each.mail_key) : each.why;
    if (!fate) continue;
    if (fate->empty()) {
      left.push_back(each.mail_key);
      continue;
    }
    each.why = *fate;
    failed.push_back(std::move(each));
  }
  if (left.empty() && !is_old) return failed;
  CLUSE_CHECK(environment_.database.write_now([&](storage::Transaction& tx) -> Result<void> {
    for (const auto& key : left) tx.run("UPDATE announced_mail SET left_at = ? WHERE mail_key = ?", {now, key});
    tx.run("DELETE FROM announced_mail WHERE created_at <= ?", {long_ago});
    return {};
  }));
  return failed;
}

Result<bool> Announcer::returned(const std::string& mail_key, const std::string& why) {
  bool is_known = false;
  CLUSE_CHECK(environment_.database.write_now([&](storage::Transaction& tx) -> Result<void> {
    is_known = tx.one("SELECT 1 FROM announced_mail WHERE mail_key = ?", {mail_key}).has_value();
    if (is_known) tx.run("UPDATE announced_mail SET left_at = NULL, failed = ? WHERE mail_key = ?", {why, mail_key});
    return {};
  }));
  return is_known;
}

Result<void> Announcer::forget(const std::string& mail_key) {
  return environment_.database.write_now([&](storage::Transaction& tx) -> Result<void> {
    tx.run("DELETE FROM announced_mail WHERE mail_key = ?", {mail_key});
    return {};
  });
}

Result<void> Announcer::announce(const Announcement& said) {
  CLUSE_CHECK(check(said));
  CLUSE_CHECK(write(said));
  if (!said.people.empty()) environment_.live.notified(said.people);
  return mail(said);
}

}  // namespace cluse::domain::notifications
