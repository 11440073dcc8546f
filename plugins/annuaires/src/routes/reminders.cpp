#include "reminders.h"

#include "changes.h"
#include "routes.h"
#include "shared.h"

#include "../model/values.h"
#include "../model/words.h"
#include "../services.h"
#include "../text/fold.h"
#include "../text/token.h"

#include <algorithm>

namespace annuaires::routes {
namespace {

constexpr Moment kDay = 86'400'000;
constexpr std::string_view kSentence = "annuaires.still_correct";

std::string secret(Tx& tx) {
  return tx.one<std::string>("SELECT value FROM setting WHERE name = 'secret'");
}

std::string address_in(const Directory& directory, const Entry& entry) {
  for (const Field& field : directory.fields)
    if (field.type == Type::email && !field.archived)
      if (const auto address = entry.value(field.key).get<std::string>()) return *address;
  return {};
}

std::string language_of_entry(const Entry& entry) {
  const auto languages = keys_of(entry.value("languages"));
  if (!languages.empty()) return languages.front() == "de" || languages.front() == "gsw" ? "de" : "fr";
  return entry.value("name")["fr"].is_null() && !entry.value("name")["de"].is_null() ? "de" : "fr";
}

// Asks one; false where there is no address that works.
bool send_one(Context& context, Tx& tx, Entry& entry) {
  const Directory& directory = context.directory(tx, entry.directory);
  services::Letter letter;
  letter.address = address_in(directory, entry);
  if (letter.address.empty() || entry.mail == "bounced") return false;
  const Ticket ticket{entry.id, context.now() + kLinkDays * kDay, context.now()};
  letter.language = language_of_entry(entry);
  letter.key = kSentence;
  letter.url = "/portail/e/org.cluse.annuaires/verifier/" + sign(ticket, secret(tx));
  letter.arguments = {{"name", in(name_of(entry), letter.language)},
                      {"directory", in(directory.name, letter.language)},
                      {"days", kLinkDays}};
  services::send(context.app().host(), letter);
  tx.run("UPDATE entry SET reminded_at = ?2 WHERE id = ?1", entry.id, context.now());
  return true;
}

struct Opened {
  Entry entry;
  Ticket ticket;
};

Opened open_link(Context& context, Tx& tx, const Request& request) {
  const auto ticket = open_ticket(request.param("token"), secret(tx));
  if (!ticket || ticket->expires < context.now()) throw Failure(404, "link_over");
  auto found = load_entries(tx, std::span(&ticket->entry, 1));
  if (found.empty() || found.front().state != "published") throw Failure(404, "link_over");
  return {std::move(found.front()), *ticket};
}

// It was answered if the entry was looked at after the mail went out.
bool is_done(const Opened& opened) {
  return opened.entry.checked_at && *opened.entry.checked_at > opened.ticket.sent;
}

constexpr std::string_view kDue =
    " FROM entry WHERE state = 'published' AND due_at <= ?1 AND mail = 'ok' AND (reminded_at IS NULL OR reminded_at <= "
    "?2)";

}  // namespace

int remind(Context& context) {
  std::vector<Id> ids;
  context.read([&](Tx& tx) {
    const Moment again = context.now() - kRemindAgainDays * kDay;
    for (const auto& row :
         tx.all("SELECT id" + std::string(kDue) + " ORDER BY due_at, id LIMIT ?3", context.now(), again, kRemindAtOnce))
      ids.push_back(row.items()[0].as<Id>());
  });
  // Each by itself: one that fails is asked again, and the others not twice.
  for (const Id id : ids)
    context.write([&](Tx& tx) {
      Entry entry = load_entry(tx, id);
      // One without an address is not looked at again every hour.
      if (!send_one(context, tx, entry)) tx.run("UPDATE entry SET reminded_at = ?2 WHERE id = ?1", id, context.now());
    });
  return static_cast<int>(ids.size());
}

void mark_bounced(Context& context, const Value& notice) {
  const auto key = email_key(notice["to"].get_or<std::string>(notice["to"]["address"].get_or<std::string>("")));
  if (key.empty()) return;
  context.write([&](Tx& tx) {
    std::vector<Id> ids;
    for (const auto& row : tx.all("SELECT id FROM entry WHERE email_key = ?1 AND mail = 'ok' LIMIT 20", key))
      ids.push_back(row.items()[0].as<Id>());
    for (Entry& entry : load_entries(tx, ids)) {
      entry.mail = "bounced";
      keep(context, tx, entry, {"bounced", Value::array(), cut(notice["why"].get_or<std::string>(""), 300)});
    }
  });
}

Response show_reminders(Context& context, const Request&) {
  context.must_manage();
  return context.read([&](Tx& tx) {
    const Moment now = context.now();
    std::vector<Id> ids;
    for (const auto& row :
         tx.all("SELECT id FROM entry WHERE state = 'published' AND due_at <= ?1 ORDER BY due_at, id LIMIT 100", now))
      ids.push_back(row.items()[0].as<Id>());
    const auto rows = rows_of(context, tx, load_entries(tx, ids));
    return Response::json(
        {{"due", tx.one<std::int64_t>("SELECT count(*) FROM entry WHERE state = 'published' AND due_at <= ?1", now)},
         {"sent",
          tx.one<std::int64_t>(
              "SELECT count(*) FROM entry WHERE state = 'published' AND due_at <= ?1 AND reminded_at IS NOT NULL",
              now)},
         {"bounced", tx.one<std::int64_t>("SELECT count(*) FROM entry WHERE state = 'published' AND mail = 'bounced'")},
         {"next_run_at", iso((now / 3'600'000 + 1) * 3'600'000)},
         {"entries", Value(Value::Array(rows.begin(), rows.end()))}});
  });
}

Response send_reminders(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  if (body["entries"].items().empty() || body["entries"].items().size() > kPageMax)
    throw Failure(422, "field_wrong", "entries");
  return context.write([&](Tx& tx) {
    int sent = 0, without = 0;
    for (const Value& one : body["entries"].items()) {
      Entry entry = seen_entry(context, tx, one.get_or<Id>(0));
      ++(send_one(context, tx, entry) ? sent : without);
    }
    return Response::json({{"sent", sent}, {"without_address", without}});
  });
}

// What the person sees is what is kept of him, whoever else may see it: the link went to his own address.
Response open_check(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    const Opened opened = open_link(context, tx, request);
    const Directory& directory = context.directory(tx, opened.entry.directory);
    Value values = Value::array();
    for (const Field& field : directory.fields) {
      const Value& value = opened.entry.value(field.key);
      // Not the secretariat's own notes.
      if (value.is_null() || field.archived || field.key == "note") continue;
      values.add({{"field", field.key},
                  {"label", field.label},
                  {"type", to_text(field.type)},
                  {"raw", value},
                  {"bilingual", field.bilingual},
                  {"value", field.type == Type::organisation
                                ? std::string()
                                : shown(field, value, context.reference(tx), context.language())}});
    }
    return Response::json({{"entry",
                            {{"name", name_of(opened.entry)},
                             {"kind", opened.entry.kind},
                             {"directory", directory.name},
                             {"values", values}}},
                           {"expires_on", day_of(opened.ticket.expires)},
                           {"done", is_done(opened)}});
  });
}

Response answer_check(Context& context, const Request& request) {
  const Value body = request.body();
  const auto correct = body["correct"].get<bool>();
  if (!correct) throw Failure(422, "field_missing", "correct");
  return context.write([&](Tx& tx) {
    Opened opened = open_link(context, tx, request);
    if (is_done(opened)) return Response::json({{"done", true}});
    const Directory& directory = context.directory(tx, opened.entry.directory);
    if (!*correct) {
      if (!body["values"]["note"].is_null()) throw Failure(422, "field_unknown", "note");
      propose(context, tx, directory, &opened.entry, body, "link");
    }
    set_due(directory, opened.entry, context.now());
    opened.entry.reminded_at.reset();
    keep(context, tx, opened.entry, {"checked", Value::array(), *correct ? "link" : "link, changes proposed"});
    return Response::json({{"done", true}});
  });
}

}  // namespace annuaires::routes
