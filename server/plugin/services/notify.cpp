#include "server/plugin/services/notify.h"

#include <cluse/plugin.h>

#include <utility>

namespace cluse::plugin {
namespace {

using domain::notifications::Announcement;

Result<Announcement::Words> words_in(const Caller& caller, std::string_view locale, const std::string& key,
                                     const Value& args) {
  CLUSE_TRY(subject, caller.texts.text(locale, key + ".subject", args));
  CLUSE_TRY(body, caller.texts.text(locale, key + ".body", args));
  return Announcement::Words{subject, body};
}

Result<void> add_receiver(Announcement& said, const Value& to) {
  if (const auto address = to["address"].get<std::string>()) {
    said.addresses.push_back({*address, to["language"].get_or<std::string>("fr").starts_with("de") ? "de" : "fr"});
    return {};
  }
  const auto person = Id::parse(to["person"].get_or<std::string>(""));
  if (!person) return fail(Errc::not_found, "person_not_found");
  said.people.push_back(*person);
  return {};
}

Result<Announcement> announcement_in(const Caller& caller, const Value& body) {
  Announcement said;
  said.plugin = caller.plugin.id;
  said.key = body["key"].as<std::string>();
  said.url = body["url"].get_or<std::string>("");
  const auto importance = domain::notifications::parse_class(body["class"].get_or<std::string>("info"));
  if (!importance) return fail(Errc::invalid, "field_invalid", R"(class is "action", "info" or "quiet")", "class");
  said.importance = *importance;
  for (const Value& to : body["to"].items()) CLUSE_CHECK(add_receiver(said, to));
  CLUSE_TRY(french, words_in(caller, "fr-FR", said.key, body["args"]));
  CLUSE_TRY(german, words_in(caller, "de-CH", said.key, body["args"]));
  said.french = std::move(french);
  said.german = std::move(german);
  return said;
}

}  // namespace

std::int32_t NotifyService::serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) {
  if (operation != "send") return CLUSE_UNSUPPORTED;
  const auto said = announcement_in(caller, body);
  if (!said) return refuse(answer, said.error());
  const auto done = announcer_.announce(*said);
  if (!done) return refuse(answer, done.error());
  answer.set("sent", static_cast<std::int64_t>(said->people.size() + said->addresses.size()));
  return CLUSE_OK;
}

}  // namespace cluse::plugin
