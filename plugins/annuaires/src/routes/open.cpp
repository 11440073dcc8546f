// What everybody may read, without a session: JSON and JSON-LD of schema.org.
#include "routes.h"
#include "shared.h"

#include "../model/values.h"
#include "../model/words.h"

#include <algorithm>

namespace annuaires::routes {
namespace {

constexpr std::string_view kCache = "public, max-age=300";

Response open_answer(const Value& body, bool is_linked) {
  Response response = Response::json(body);
  if (is_linked) response.headers.front().second = "application/ld+json";
  response.headers.emplace_back("cache-control", kCache);
  return response;
}

std::string type_of(const Entry& entry) {
  if (entry.is_person()) return "Person";
  const auto level = entry.value("level").get_or<std::string>("");
  if (level == "company") return "Corporation";
  return level.empty() || level == "association" ? "Organization" : "GovernmentOrganization";
}

void add_reach(Value& out, const Card& card) {
  if (!card.emails.empty()) out.set("email", card.emails.front());
  if (!card.phones.empty()) out.set("telephone", card.phones.front());
  if (!card.website.empty()) out.set("url", card.website);
  if (card.address.empty()) return;
  Value address = {{"@type", "PostalAddress"}};
  const auto add = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) address.set(key, text);
  };
  add("streetAddress", card.address.street);
  add("postalCode", card.address.postcode);
  add("addressLocality", card.address.city);
  add("addressCountry", card.address.country);
  out.set("address", address);
}

Value linked(Context& context, Tx& tx, const Entry& entry) {
  const Directory& directory = context.directory(tx, entry.directory);
  const Reference& reference = context.reference(tx);
  const Reader reader{Audience::everybody, context.language()};
  std::string organisation;
  if (const auto id = entry.value("organisation").get<Id>())
    if (const auto refs = refs_of(tx, std::span(&*id, 1), Audience::everybody); !refs.empty())
      organisation = in(refs.at(*id)["name"], reader.language);
  const Card card = card_of(directory, entry, reference, reader, organisation);
  Value out = {{"@context", "https://schema.org"},
               {"@type", type_of(entry)},
               {"@id", "urn:uuid:" + entry.uid},
               {"name", card.name}};
  if (!card.given.empty()) out.set("givenName", card.given);
  if (!card.family.empty()) out.set("familyName", card.family);
  if (!card.function.empty()) out.set("jobTitle", card.function);
  if (!card.note.empty()) out.set("description", card.note);
  if (!card.organisation.empty())
    out.set(entry.is_person() ? "worksFor" : "parentOrganization",
            {{"@type", "Organization"}, {"name", card.organisation}});
  add_reach(out, card);
  const Value row = row_view(directory, entry, reference, reader, Value());
  Value languages = row["languages"], areas = Value::array(), about = Value::array();
  for (const Value& one : row["territory"].items())
    areas.add({{"@type", "AdministrativeArea"}, {"name", in(one["name"], reader.language)}});
  for (const auto& category : card.categories) about.add(category);
  if (!languages.items().empty()) out.set("knowsLanguage", languages);
  if (!areas.items().empty()) out.set("areaServed", areas);
  if (!about.items().empty()) out.set("knowsAbout", about);
  return out;
}

bool is_open(const Directory& directory, const Entry& entry) {
  return directory.is_public && entry.state == "published" && audience_of(directory, entry) == Audience::everybody;
}

}  // namespace

Response list_open_directories(Context& context, const Request&) {
  return context.read([&](Tx& tx) {
    Value list = Value::array();
    for (const Directory& directory : context.app().directories(tx)) {
      if (!directory.is_public) continue;
      const auto count = tx.one<std::int64_t>(
          "SELECT count(*) FROM entry WHERE directory = ?1 AND state = 'published' AND audience = 0", directory.id);
      list.add({{"slug", directory.slug},
                {"name", directory.name},
                {"description", directory.description},
                {"about", directory.about},
                {"entries", count}});
    }
    return open_answer({{"directories", list}}, false);
  });
}

Response list_open_entries(Context& context, const Request& request) {
  Query query = query_of(context, request);
  const bool is_linked = request.query("format") == "jsonld";
  return context.read([&](Tx& tx) {
    query.directory = context.directory(tx, request.param("directory")).id;
    const Page page = find(tx, query);
    const auto entries = load_entries(tx, page.ids);
    Value list = Value::array();
    if (is_linked) {
      std::int64_t position = 0;
      for (const Entry& entry : entries)
        list.add({{"@type", "ListItem"}, {"position", ++position}, {"item", linked(context, tx, entry)}});
      return open_answer({{"@context", "https://schema.org"},
                          {"@type", "ItemList"},
                          {"numberOfItems", page.total},
                          {"itemListElement", list}},
                         true);
    }
    for (Value& row : rows_of(context, tx, entries)) list.add(std::move(row));
    return open_answer({{"entries", list},
                        {"total", page.total},
                        {"next", page.next.empty() ? Value() : Value(page.next)},
                        {"corrected", page.corrected.empty() ? Value() : Value(page.corrected)}},
                       false);
  });
}

Response show_open_entry(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    const auto id = entry_of_uid(tx, request.param("uid"));
    if (!id) throw Failure(404, "not_found", "entry");
    const Entry entry = load_entry(tx, *id);
    const Directory& directory = context.directory(tx, entry.directory);
    if (!is_open(directory, entry)) throw Failure(404, "not_found", "entry");
    if (request.query("format") == "jsonld") return open_answer(linked(context, tx, entry), true);
    Value view = rows_of(context, tx, std::span(&entry, 1)).front();
    int hidden = 0;
    view.set("values", visible_values(directory, entry, {Audience::everybody, context.language()}, hidden));
    Value fields = Value::array();
    for (const Field& field : directory.fields)
      if (!field.archived && !view["values"][field.key].is_null()) fields.add(to_value(field));
    view.set("fields", fields);
    view.set("links", links_of(context, tx, entry.id));
    return open_answer({{"entry", view}}, false);
  });
}

}  // namespace annuaires::routes
