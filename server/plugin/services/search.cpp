#include "server/plugin/services/search.h"

#include "server/base/bytes.h"
#include "server/base/log.h"
#include "server/domain/search/query.h"
#include "server/domain/search/readers.h"
#include "server/plugin/services/actors.h"

#include <cluse/plugin.h>

#include <algorithm>
#include <array>
#include <vector>

namespace cluse::plugin {
namespace {

namespace search = domain::search;

// How often the index is asked whether it still is what the plugin's file believes: somebody may have made it anew.
constexpr std::chrono::seconds kLookEvery{1};
constexpr std::size_t kExtractBytes = 260;

constexpr std::string_view kMark = "objects of ";
constexpr std::string_view kGone = "gone";

std::string mark_of(const std::string& plugin) {
  return std::string(kMark) + plugin;
}

std::string new_stamp() {
  std::array<unsigned char, 12> bits{};
  fill_random(bits);
  return to_hex({reinterpret_cast<const char*>(bits.data()), bits.size()});
}

Result<std::string> text_of(const Value& body, const char* field, std::size_t bytes_max, bool may_be_empty = false) {
  auto text = body[field].as<std::string>();
  if (text.size() > bytes_max) return fail(Errc::too_large, "field_too_long", field);
  if (text.empty() && !may_be_empty) return fail(Errc::invalid, "field_missing", field);
  return text;
}

// Below the plugin's page: neither another server nor another part of this one.
bool is_url(std::string_view url) {
  return url.starts_with('/') && !url.starts_with("//") && url.find("..") == std::string_view::npos &&
         std::ranges::none_of(url, [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '\\'; });
}

Result<search::Object> object_from(const std::string& plugin, const Value& body) {
  search::Object object;
  object.plugin = plugin;
  CLUSE_TRY(key, text_of(body, "key", kObjectKeyBytesMax));
  CLUSE_TRY(kind, text_of(body, "kind", kObjectKeyBytesMax));
  CLUSE_TRY(title, text_of(body, "title", kObjectTitleBytesMax));
  CLUSE_TRY(text, text_of(body, "text", kObjectTextBytesMax, true));
  CLUSE_TRY(url, text_of(body, "url", kObjectUrlBytesMax));
  if (!is_url(url) || kind.find('\n') != std::string::npos) return fail(Errc::invalid, "field_invalid", "url or kind");
  object.language = body["language"].get_or<std::string>("");
  if (object.language.size() > 35) return fail(Errc::invalid, "field_invalid", "language");
  for (const Value& reader : body["readers"].items()) {
    object.readers.push_back(reader.as<std::string>());
    if (!search::is_reader(object.readers.back())) return fail(Errc::invalid, "field_invalid", "readers");
  }
  if (object.readers.empty()) return fail(Errc::invalid, "field_missing", "readers");
  if (object.readers.size() > search::kReadersMax) return fail(Errc::too_many, "field_too_long", "readers");
  object.key = std::move(key);
  object.kind = std::move(kind);
  object.title = std::move(title);
  object.text = std::move(text);
  object.url = std::move(url);
  return object;
}

std::string plain(const std::vector<search::Run>& runs) {
  std::string out;
  for (const auto& run : runs) out += run.text;
  return out;
}

}  // namespace

std::int32_t SearchService::serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) {
  if (operation == "put") {
    const auto object = object_from(caller.plugin.id, body);
    if (!object) return refuse(answer, object.error());
    const auto done = caller.store.put_object(object->key, body.to_cbor());
    return done ? static_cast<std::int32_t>(CLUSE_OK) : refuse(answer, done.error());
  }
  if (operation == "remove") {
    const auto done = caller.store.remove_object(body["key"].as<std::string>());
    return done ? static_cast<std::int32_t>(CLUSE_OK) : refuse(answer, done.error());
  }
  if (operation != "find") return CLUSE_UNSUPPORTED;
  auto found = find(caller, body);
  if (!found) return refuse(answer, found.error());
  answer = std::move(*found);
  return CLUSE_OK;
}

Result<Value> SearchService::find(const Caller& caller, const Value& body) const {
  const search::Query query(body["words"].as<std::string>());
  Value hits = Value::array();
  if (query.empty()) return Value{{"hits", hits}};
  storage::SearchQuestion question;
  question.match = query.match();
  question.kinds = {std::string(search::kObjectKind)};
  question.within = search::object_scope(caller.plugin.id);
  question.limit =
      static_cast<std::size_t>(std::clamp<std::int64_t>(body["limit"].get_or<std::int64_t>(20), 1, kHitsMax));
  question.all_readers = caller.kind == Caller::Kind::plugin;
  question.readers = {"everyone"};
  if (caller.kind == Caller::Kind::person) {
    auto read = [&](storage::Snapshot& snapshot) -> Result<storage::SearchQuestion> {
      CLUSE_TRY(actor, actor_of(snapshot, caller));
      storage::SearchQuestion asked = question;
      search::add_readers(asked, snapshot, actor);
      return asked;
    };
    CLUSE_TRY(asked, database_.read_now(std::move(read)));
    question = asked;
  }
  CLUSE_TRY(found, index_.find(question));
  for (const auto& hit : found.hits) {
    const auto object = search::object_of(hit);
    hits.add({{"key", object.key},
              {"kind", object.kind},
              {"title", hit.title},
              {"extract", plain(query.excerpt(hit.body, hit.language, kExtractBytes))},
              {"url", object.url}});
  }
  return Value{{"hits", hits}, {"total", found.total}};
}

bool SearchService::is_time(const std::string& plugin, bool has_news) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  auto& last = looked_at_[plugin];
  if (!has_news && now - last < kLookEvery) return false;
  last = now;
  return true;
}

bool SearchService::tend(const Manifest& plugin, storage::PluginStore& store) {
  if (!plugin.grants.search || !is_time(plugin.id, store.has_objects_to_carry())) return false;
  const auto carried = carry(plugin.id, store);
  if (carried) return *carried;
  log_warning("plugin_objects_not_carried", {{"plugin", plugin.id}, {"why", carried.error().detail}});
  return false;
}

// The stamp is written to the index first: where the two differ, after a crash or a backup, all is carried over anew.
Result<bool> SearchService::carry(const std::string& plugin, storage::PluginStore& store) {
  const std::string key = mark_of(plugin);
  CLUSE_TRY(there, index_.mark(key));
  CLUSE_TRY(here, store.objects_stamp());
  if (there != here) {
    const std::string anew = new_stamp();
    CLUSE_CHECK(index_.forget(search::object_scope(plugin), {{key, anew}}));
    CLUSE_CHECK(store.carry_all());
    CLUSE_CHECK(store.carried({}, anew));
  }
  CLUSE_TRY(objects, store.objects_to_carry(kCarriedAtOnce));
  if (objects.empty()) return false;
  std::vector<storage::SearchEntry> put;
  std::vector<std::string> removed;
  for (const auto& each : objects) {
    const auto body = Value::from_cbor(each.body);
    const auto object = body ? object_from(plugin, *body) : Result<search::Object>(fail(Errc::invalid, "removed"));
    if (object && !each.is_removed) put.push_back(search::entry_of(*object));
    else removed.push_back(search::entry_id(plugin, each.key));
  }
  const std::string stamp = new_stamp();
  CLUSE_CHECK(index_.change(put, removed, {{key, stamp}}));
  CLUSE_CHECK(store.carried(objects, stamp));
  return true;
}

void SearchService::closed(const std::string& plugin) {
  const auto done = index_.forget(search::object_scope(plugin), {{mark_of(plugin), std::string(kGone)}});
  if (!done) log_warning("plugin_objects_not_forgotten", {{"plugin", plugin}, {"why", done.error().detail}});
}

void SearchService::installed(const std::set<std::string>& plugins) {
  const auto marks = index_.marks(kMark);
  if (!marks) return;
  for (const auto& [mark, stamp] : *marks)
    if (const auto plugin = mark.substr(kMark.size()); stamp != kGone && !plugins.contains(plugin)) closed(plugin);
}

}  // namespace cluse::plugin
