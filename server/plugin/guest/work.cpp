#include "server/plugin/guest/work.h"

#include <algorithm>

namespace cluse::plugin {
namespace {

std::string octets(const Value& value) {
  return value.get_or<Octets>({}).data;
}

}  // namespace

bool Offer::has(std::string_view id) const {
  return std::ranges::find(extensions, id) != extensions.end();
}

Value to_value(const Work& work) {
  return {{"k", "call"},
          {"kind", static_cast<int>(work.kind)},
          {"id", static_cast<std::int64_t>(work.id)},
          {"by", work.deadline_ms},
          {"user", work.user},
          {"locale", work.locale},
          {"name", work.name},
          {"method", work.method},
          {"path", work.path},
          {"params", Octets{work.params}},
          {"query", Octets{work.query}},
          {"headers", Octets{work.headers}},
          {"body", Octets{work.body}}};
}

std::optional<Work> work_from(const Value& value) {
  const auto kind = value["kind"].get<std::uint8_t>();
  if (!kind || *kind > static_cast<std::uint8_t>(WorkKind::load)) return std::nullopt;
  const auto text = [&](const char* key) { return value[key].get_or<std::string>(""); };
  Work work;
  work.kind = static_cast<WorkKind>(*kind);
  work.id = static_cast<std::uint64_t>(value["id"].get_or<std::int64_t>(0));
  work.deadline_ms = value["by"].get_or<std::int64_t>(0);
  work.user = text("user");
  work.locale = text("locale");
  work.name = text("name");
  work.method = text("method");
  work.path = text("path");
  work.params = octets(value["params"]);
  work.query = octets(value["query"]);
  work.headers = octets(value["headers"]);
  work.body = octets(value["body"]);
  return work;
}

Value to_value(const Outcome& outcome) {
  return {{"k", "done"},
          {"status", outcome.status},
          {"why", outcome.why},
          {"head", Octets{outcome.head}},
          {"body", Octets{outcome.body}}};
}

std::optional<Outcome> outcome_from(const Value& value) {
  const auto status = value["status"].get<std::int32_t>();
  if (!status) return std::nullopt;
  return Outcome{*status, tidy_words(value["why"].get_or<std::string>("")), octets(value["head"]),
                 octets(value["body"])};
}

std::string tidy_words(std::string_view words) {
  std::string out(words.substr(0, kWordsBytesMax));
  if (!is_utf8(out))
    for (char& c : out)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return out;
}

}  // namespace cluse::plugin
