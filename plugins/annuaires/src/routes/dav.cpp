// CardDAV, read only: the directories in telephones and Thunderbird. Each reader gets what he may see.
#include "dav_xml.h"
#include "routes.h"
#include "shared.h"

#include "../model/words.h"
#include "../text/fold.h"
#include "../text/xml.h"

#include <algorithm>
#include <map>

namespace annuaires::routes {
namespace {

using dav::Item;
using dav::kCard;
using dav::kDav;
using dav::kServer;
using dav::Name;

constexpr std::string_view kRoot = "/x/org.cluse.annuaires/dav/";
constexpr std::string_view kBooks = "/x/org.cluse.annuaires/dav/books/";
constexpr std::string_view kTokenStart = "urn:cluse:annuaires:";
constexpr std::size_t kCardsMax = 20'000;

Name dav_name(std::string_view local) {
  return {std::string(kDav), std::string(local)};
}
Name card_name(std::string_view local) {
  return {std::string(kCard), std::string(local)};
}

/// What a path below /dav/ names.
struct Place {
  enum class Kind { root, books, book, card } kind = Kind::root;
  std::string directory, uid;
};

Place place_of(std::string path) {
  while (path.starts_with('/')) path.erase(0, 1);
  while (path.ends_with('/')) path.pop_back();
  if (path.empty()) return {};
  if (path == "books") return {Place::Kind::books, {}, {}};
  if (!path.starts_with("books/")) throw Failure(404, "not_found");
  const std::string rest = path.substr(6);
  const auto slash = rest.find('/');
  if (slash == std::string::npos) return {Place::Kind::book, rest, {}};
  std::string uid = rest.substr(slash + 1);
  if (!uid.ends_with(".vcf")) throw Failure(404, "not_found");
  uid.resize(uid.size() - 4);
  return {Place::Kind::card, rest.substr(0, slash), uid};
}

std::string href(std::string_view path) {
  return "<d:href>" + std::string(path) + "</d:href>";
}

std::string book_path(const Directory& directory) {
  return std::string(kBooks) + directory.slug + "/";
}

using Properties = std::vector<std::pair<Name, std::string>>;

Properties principal_properties() {
  return {{dav_name("resourcetype"), "<d:collection/><d:principal/>"},
          {dav_name("current-user-principal"), href(kRoot)},
          {dav_name("principal-URL"), href(kRoot)},
          {dav_name("displayname"), "Annuaires"},
          {card_name("addressbook-home-set"), href(kBooks)},
          {dav_name("current-user-privilege-set"), "<d:privilege><d:read/></d:privilege>"}};
}

Properties home_properties() {
  return {{dav_name("resourcetype"), "<d:collection/>"},
          {dav_name("current-user-principal"), href(kRoot)},
          {dav_name("displayname"), "Annuaires"},
          {dav_name("current-user-privilege-set"), "<d:privilege><d:read/></d:privilege>"}};
}

std::int64_t sequence_of(Tx& tx, const Directory& directory) {
  return tx.one<std::int64_t>("SELECT coalesce(max(sequence), 0) FROM entry WHERE directory = ?1", directory.id);
}

// What a reader sees depends on who he is, too: a token of the secretariat's is none of a member's.
std::string token_of(Context& context, std::int64_t sequence, const Directory& directory) {
  return std::string(kTokenStart) + std::to_string(static_cast<int>(context.reader().audience)) + ":" +
         std::to_string(directory.version) + ":" + std::to_string(sequence);
}

Properties book_properties(Context& context, Tx& tx, const Directory& directory) {
  const auto token = token_of(context, sequence_of(tx, directory), directory);
  return {{dav_name("resourcetype"), "<d:collection/><c:addressbook/>"},
          {dav_name("displayname"), xml(in(directory.name, context.language()))},
          {card_name("addressbook-description"), xml(in(directory.description, context.language()))},
          {dav_name("current-user-principal"), href(kRoot)},
          {dav_name("current-user-privilege-set"), "<d:privilege><d:read/></d:privilege>"},
          {dav_name("supported-report-set"),
           "<d:supported-report><d:report><c:addressbook-query/></d:report></"
           "d:supported-report><d:supported-report><d:report>"
           "<c:addressbook-multiget/></d:report></d:supported-report><d:supported-report><d:report><d:sync-collection/"
           "></d:report></d:supported-report>"},
          {card_name("supported-address-data"),
           "<c:address-data-type content-type=\"text/vcard\" version=\"3.0\"/><c:address-data-type "
           "content-type=\"text/vcard\" version=\"4.0\"/>"},
          {dav_name("sync-token"), xml(token)},
          {{std::string(kServer), "getctag"}, "\"" + xml(token) + "\""}};
}

std::string tag_of(Context& context, const Directory& directory, const Entry& entry) {
  return "\"" + std::to_string(entry.version) + "-" + std::to_string(directory.version) + "-" +
         std::to_string(static_cast<int>(context.reader_of(entry).audience)) + "\"";
}

std::string card_text(Context& context, Tx& tx, const Directory& directory, const Entry& entry,
                      const std::map<Id, Value>& refs, VcardVersion version) {
  const Reader reader = context.reader_of(entry);
  const auto ref = refs.find(entry.value("organisation").get_or<Id>(0));
  return write_card(card_of(directory, entry, context.reference(tx), reader,
                            ref == refs.end() ? "" : in(ref->second["name"], reader.language)),
                    version);
}

Properties card_properties(Context& context, Tx& tx, const Directory& directory, const Entry& entry,
                           const std::map<Id, Value>& refs, bool with_text) {
  Properties all = {{dav_name("getetag"), xml(tag_of(context, directory, entry))},
                    {dav_name("getcontenttype"), "text/vcard; charset=utf-8"},
                    {dav_name("resourcetype"), ""},
                    {dav_name("current-user-privilege-set"), "<d:privilege><d:read/></d:privilege>"}};
  if (with_text)
    all.emplace_back(card_name("address-data"), xml(card_text(context, tx, directory, entry, refs, VcardVersion::v3)));
  return all;
}

Item item_of(std::string path, const dav::Asked& asked, const Properties& all) {
  Item item{std::move(path), {}, {}, false};
  if (asked.all) {
    item.found = all;
    return item;
  }
  for (const Name& name : asked.names) {
    const auto found = std::ranges::find(all, name, &Properties::value_type::first);
    if (found == all.end()) item.missing.push_back(name);
    else item.found.push_back(*found);
  }
  return item;
}

bool wants_text(const dav::Asked& asked) {
  return std::ranges::find(asked.names, card_name("address-data")) != asked.names.end();
}

std::map<Id, Value> organisations_of(Context& context, Tx& tx, std::span<const Entry> entries) {
  std::vector<Id> ids;
  for (const Entry& entry : entries)
    if (const auto id = entry.value("organisation").get<Id>()) ids.push_back(*id);
  return refs_of(tx, ids, context.reader().audience);
}

void add_cards(Context& context, Tx& tx, const Directory& directory, std::span<const Entry> entries,
               const dav::Asked& asked, std::vector<Item>& items) {
  const auto refs = organisations_of(context, tx, entries);
  for (const Entry& entry : entries)
    items.push_back(item_of(book_path(directory) + entry.uid + ".vcf", asked,
                            card_properties(context, tx, directory, entry, refs, wants_text(asked))));
}

std::vector<Entry> entries_in(Context& context, Tx& tx, const Directory& directory) {
  Query query;
  query.audience = context.reader().audience;
  query.directory = directory.id;
  query.sort = "name";
  return load_entries(tx, find_all(tx, query, kCardsMax));
}

bool is_seen(Context& context, const Directory& directory, const Entry& entry) {
  return entry.state == "published" && entry.directory == directory.id &&
         sees(context.reader_of(entry), audience_of(directory, entry));
}

// -------------------------------------------------------------------------------------------------------- reports

bool matches(const Card& card, const dav::TextMatch& filter) {
  std::vector<std::string> texts;
  if (filter.property == "EMAIL") texts = card.emails;
  else if (filter.property == "TEL") texts = card.phones;
  else if (filter.property == "ORG") texts = {card.is_organisation ? card.name : card.organisation};
  else if (filter.property == "NICKNAME") texts = {};
  else texts = {card.name};
  const std::string wanted = fold(filter.text);
  const bool hits = std::ranges::any_of(texts, [&](const std::string& text) {
    const std::string have = fold(text);
    if (filter.kind == "equals") return have == wanted;
    if (filter.kind == "starts-with") return have.starts_with(wanted);
    return filter.kind == "ends-with" ? have.ends_with(wanted) : have.find(wanted) != std::string::npos;
  });
  return hits != filter.negates;
}

std::vector<Item> query_report(Context& context, Tx& tx, const Directory& directory, const dav::Asked& asked) {
  std::vector<Entry> kept;
  for (Entry& entry : entries_in(context, tx, directory)) {
    const Card card = card_of(directory, entry, context.reference(tx), context.reader_of(entry), "");
    const auto fits = [&](const dav::TextMatch& filter) { return matches(card, filter); };
    if (asked.filters.empty() ||
        (asked.any ? std::ranges::any_of(asked.filters, fits) : std::ranges::all_of(asked.filters, fits)))
      kept.push_back(std::move(entry));
    if (asked.limit > 0 && kept.size() == static_cast<std::size_t>(asked.limit)) break;
  }
  std::vector<Item> items;
  add_cards(context, tx, directory, kept, asked, items);
  return items;
}

std::vector<Item> multiget_report(Context& context, Tx& tx, const Directory& directory, const dav::Asked& asked) {
  std::map<std::string, std::string> hrefs;  // uid to what was asked
  for (const auto& one : asked.hrefs) {
    const auto slash = one.rfind('/');
    std::string uid = one.substr(slash == std::string::npos ? 0 : slash + 1);
    if (uid.ends_with(".vcf")) uid.resize(uid.size() - 4);
    hrefs[uid] = one;
  }
  Value list = Value::array();
  for (const auto& [uid, path] : hrefs) list.add(uid);
  std::vector<Id> ids;
  for (const auto& row : tx.all("SELECT id FROM entry WHERE uid IN (SELECT value FROM json_each(?1))", list.to_json()))
    ids.push_back(row.items()[0].as<Id>());
  std::vector<Entry> kept;
  for (Entry& entry : load_entries(tx, ids))
    if (is_seen(context, directory, entry)) hrefs.erase(entry.uid), kept.push_back(std::move(entry));
  std::vector<Item> items;
  add_cards(context, tx, directory, kept, asked, items);
  for (const auto& [uid, path] : hrefs) items.push_back({path, {}, {}, true});
  return items;
}

// What has changed since; everything where the token is of another reader or of other fields.
std::vector<Item> sync_report(Context& context, Tx& tx, const Directory& directory, const dav::Asked& asked) {
  const std::string same = token_of(context, 0, directory);
  const std::string start = same.substr(0, same.size() - 1);
  if (!asked.sync_token.empty() && !asked.sync_token.starts_with(start)) throw Failure(403, "sync_token_over");
  const std::int64_t since =
      asked.sync_token.empty() ? 0 : std::strtoll(asked.sync_token.c_str() + start.size(), nullptr, 10);
  std::vector<Id> ids;
  for (const auto& row : tx.all("SELECT id FROM entry WHERE directory = ?1 AND sequence > ?2 ORDER BY id LIMIT ?3",
                                directory.id, since, kCardsMax))
    ids.push_back(row.items()[0].as<Id>());
  std::vector<Entry> kept;
  std::vector<Item> items, gone;
  for (Entry& entry : load_entries(tx, ids)) {
    if (is_seen(context, directory, entry)) kept.push_back(std::move(entry));
    else if (since > 0) gone.push_back({book_path(directory) + entry.uid + ".vcf", {}, {}, true});
  }
  add_cards(context, tx, directory, kept, asked, items);
  std::ranges::move(gone, std::back_inserter(items));
  return items;
}

Response multistatus(const std::vector<Item>& items, std::string_view token = {}) {
  return {207,
          {{"content-type", "application/xml; charset=utf-8"}, {"dav", "1, 3, addressbook"}},
          dav::write(items, token)};
}

}  // namespace

Response dav_options(Context&, const Request&) {
  return {200, {{"dav", "1, 3, addressbook"}, {"allow", "OPTIONS, GET, HEAD, PROPFIND, REPORT"}}, {}};
}

Response dav_propfind(Context& context, const Request& request) {
  const Place place = place_of(request.param("path"));
  const dav::Asked asked = dav::read(request.raw());
  const bool is_deep = request.header("depth") != "0";
  return context.read([&](Tx& tx) {
    std::vector<Item> items;
    if (place.kind == Place::Kind::root) {
      items.push_back(item_of(std::string(kRoot), asked, principal_properties()));
      if (is_deep) items.push_back(item_of(std::string(kBooks), asked, home_properties()));
    } else if (place.kind == Place::Kind::books) {
      items.push_back(item_of(std::string(kBooks), asked, home_properties()));
      for (const Directory& directory : context.app().directories(tx))
        if (is_deep) items.push_back(item_of(book_path(directory), asked, book_properties(context, tx, directory)));
    } else if (place.kind == Place::Kind::book) {
      const Directory& directory = context.directory(tx, place.directory);
      items.push_back(item_of(book_path(directory), asked, book_properties(context, tx, directory)));
      if (is_deep) add_cards(context, tx, directory, entries_in(context, tx, directory), asked, items);
    } else {
      const Directory& directory = context.directory(tx, place.directory);
      const auto id = entry_of_uid(tx, place.uid);
      const Entry entry = seen_entry(context, tx, id.value_or(0));
      if (!is_seen(context, directory, entry)) throw Failure(404, "not_found");
      add_cards(context, tx, directory, std::span(&entry, 1), asked, items);
    }
    return multistatus(items);
  });
}

Response dav_report(Context& context, const Request& request) {
  const Place place = place_of(request.param("path"));
  const dav::Asked asked = dav::read(request.raw());
  if (place.kind != Place::Kind::book) throw Failure(404, "not_found");
  return context.read([&](Tx& tx) {
    const Directory& directory = context.directory(tx, place.directory);
    if (asked.report == card_name("addressbook-query")) return multistatus(query_report(context, tx, directory, asked));
    if (asked.report == card_name("addressbook-multiget"))
      return multistatus(multiget_report(context, tx, directory, asked));
    if (asked.report != dav_name("sync-collection")) throw Failure(403, "report_unknown");
    try {
      return multistatus(sync_report(context, tx, directory, asked),
                         token_of(context, sequence_of(tx, directory), directory));
    } catch (const Failure& over) {
      if (over.status != 403) throw;
      // RFC 6578, 3.2: the client begins anew.
      return Response{
          403,
          {{"content-type", "application/xml; charset=utf-8"}},
          "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<d:error xmlns:d=\"DAV:\"><d:valid-sync-token/></d:error>\n"};
    }
  });
}

Response dav_get(Context& context, const Request& request) {
  const Place place = place_of(request.param("path"));
  if (place.kind != Place::Kind::card) return Response::text("CardDAV\n");
  return context.read([&](Tx& tx) {
    const Directory& directory = context.directory(tx, place.directory);
    const Entry entry = seen_entry(context, tx, entry_of_uid(tx, place.uid).value_or(0));
    if (!is_seen(context, directory, entry)) throw Failure(404, "not_found");
    const auto tag = tag_of(context, directory, entry);
    if (request.header("if-none-match") == tag) return Response{304, {{"etag", tag}}, {}};
    const auto refs = organisations_of(context, tx, std::span(&entry, 1));
    return Response{200,
                    {{"content-type", "text/vcard; charset=utf-8"}, {"etag", tag}},
                    card_text(context, tx, directory, entry, refs, VcardVersion::v3)};
  });
}

}  // namespace annuaires::routes
