#include "services.h"

#include "model/values.h"
#include "model/words.h"
#include "text/fold.h"

namespace annuaires::services {
namespace {

constexpr std::string_view kPrefix = "entry:";
constexpr std::size_t kTextMax = 60U << 10;  // of the host's search, with room

// The text that members may read; what is private is found by the plugin's own search alone.
std::string text_of(const Directory& directory, const Entry& entry, const Reference& reference, Audience audience) {
  std::string out;
  for (const Field& field : directory.fields) {
    if (entry.value(field.key).is_null() || field.archived || audience_of(directory, entry, field) > audience) continue;
    out += searched(field, entry.value(field.key), reference) + "\n";
  }
  return out;
}

}  // namespace

bool may(const cluse::Host& host, const cluse::Call& call, std::string_view permission) {
  return cluse::Core(host).may(call, permission);
}

Value person(const cluse::Host& host, const cluse::Call& call, const std::string& id) {
  if (id.empty()) return nullptr;
  try {
    return {{"id", id}, {"name", cluse::Core(host).person(call, id)["name"].get_or<std::string>("")}};
  } catch (const cluse::NotFound&) {
    return {{"id", id}, {"name", ""}};
  } catch (const cluse::Refused&) {
    return {{"id", id}, {"name", ""}};
  }
}

std::string text(const cluse::Host& host, std::string_view language, std::string_view key, const Value& arguments) {
  const Value said =
      cluse::Service(host, CLUSE_EXT_I18N).ask("text", {{"locale", language}, {"key", key}, {"args", arguments}});
  return said["text"].get_or<std::string>(std::string(key));
}

void put_into_search(const cluse::Host& host, const Directory& directory, const Entry& entry,
                     const Reference& reference) {
  const auto audience = audience_of(directory, entry);
  if (entry.state != "published" || audience == Audience::few) return remove_from_search(host, entry);
  const bool is_open = audience == Audience::everybody;
  const auto text = text_of(directory, entry, reference, is_open ? Audience::everybody : Audience::members);
  const Value object = {{"key", std::string(kPrefix) + std::to_string(entry.id)},
                        {"kind", "entry"},
                        {"title", cut(in(name_of(entry), "fr"), 900)},
                        {"text", cut(text, kTextMax)},
                        {"url", "/e/org.cluse.annuaires/" + directory.slug + "/" + std::to_string(entry.id)},
                        {"readers", Value::array({is_open ? "everyone" : "signed-in"})}};
  try {
    cluse::Search(host).put(object);
  } catch (const cluse::HostError& why) {
    // One that is not taken must not keep the others from being found.
    if (why.status != CLUSE_INVALID && why.status != CLUSE_LIMIT) throw;
    host.log(2, why.what());
  }
}

void remove_from_search(const cluse::Host& host, const Entry& entry) {
  cluse::Search(host).remove(std::string(kPrefix) + std::to_string(entry.id));
}

void send(const cluse::Host& host, const Letter& letter) {
  Value to = letter.person.empty() ? Value{{"address", letter.address}, {"language", letter.language}}
                                   : Value{{"person", letter.person}};
  cluse::Notify(host).send({{"to", Value::array({to})},
                            {"key", letter.key},
                            {"args", letter.arguments},
                            {"url", letter.url},
                            {"class", "action"}});
}

}  // namespace annuaires::services
