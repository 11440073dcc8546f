#include "dav_xml.h"

#include "../model/failure.h"
#include "../text/xml.h"

#include <expat.h>

#include <charconv>
#include <memory>

namespace annuaires::dav {
namespace {

constexpr std::size_t kHrefsMax = 10'000, kNamesMax = 200, kDepthMax = 20;
constexpr char kBetween = '\x01';

Name name_of(std::string_view full) {
  const auto between = full.find(kBetween);
  if (between == std::string_view::npos) return {"", std::string(full)};
  return {std::string(full.substr(0, between)), std::string(full.substr(between + 1))};
}

std::string attribute(const char** attributes, std::string_view name, std::string otherwise) {
  for (; *attributes != nullptr; attributes += 2)
    if (std::string_view(*attributes) == name) return attributes[1];
  return otherwise;
}

struct Reading {
  XML_Parser parser = nullptr;
  Asked asked;
  std::vector<Name> path;
  std::string text, property;
  bool is_wrong = false;

  void start(const Name& name, const char** attributes) {
    text.clear();
    if (path.empty()) asked.report = name;
    else if (path.back() == Name{std::string(kDav), "prop"}) add_name(name);
    else if (name.local == "allprop" || name.local == "propname") asked.all = true;
    else if (name.local == "filter") asked.any = attribute(attributes, "test", "anyof") != "allof";
    else if (name.local == "prop-filter") property = attribute(attributes, "name", "");
    else if (name.local == "text-match")
      asked.filters.push_back({property, "", attribute(attributes, "match-type", "contains"),
                               attribute(attributes, "negate-condition", "no") == "yes"});
    path.push_back(name);
    if (path.size() > kDepthMax) wrong();
  }
  void end(const Name& name) {
    if (name.local == "href" && path.size() == 2) asked.hrefs.push_back(text);
    else if (name.local == "sync-token" && path.size() == 2) asked.sync_token = text;
    else if (name.local == "nresults") std::from_chars(text.data(), text.data() + text.size(), asked.limit);
    else if (name.local == "text-match" && !asked.filters.empty()) asked.filters.back().text = text;
    if (asked.hrefs.size() > kHrefsMax || asked.filters.size() > kNamesMax) wrong();
    path.pop_back();
    text.clear();
  }
  void add_name(const Name& name) {
    if (asked.names.size() < kNamesMax) asked.names.push_back(name);
  }
  void wrong() {
    is_wrong = true;
    XML_StopParser(parser, XML_FALSE);
  }
};

Reading& of(void* self) {
  return *static_cast<Reading*>(self);
}

std::string tag(const Name& name, std::string_view inner) {
  const std::string prefix = name.space == kDav      ? "d:"
                             : name.space == kCard   ? "c:"
                             : name.space == kServer ? "s:"
                                                     : "x:";
  const std::string full = prefix + name.local;
  const std::string space = prefix == "x:" ? " xmlns:x=\"" + xml(name.space) + "\"" : "";
  if (inner.empty()) return "<" + full + space + "/>";
  return "<" + full + space + ">" + std::string(inner) + "</" + full + ">";
}

std::string propstat(const std::string& properties, std::string_view status) {
  if (properties.empty()) return {};
  return "<d:propstat><d:prop>" + properties + "</d:prop><d:status>HTTP/1.1 " + std::string(status) +
         "</d:status></d:propstat>";
}

}  // namespace

Asked read(std::string_view body) {
  Reading reading;
  if (body.empty()) {
    reading.asked.report = {std::string(kDav), "propfind"};
    reading.asked.all = true;
    return std::move(reading.asked);
  }
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreateNS(nullptr, kBetween),
                                                                            &XML_ParserFree);
  reading.parser = parser.get();
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(
      parser.get(), [](void* self, const char* name, const char** all) { of(self).start(name_of(name), all); },
      [](void* self, const char* name) { of(self).end(name_of(name)); });
  XML_SetCharacterDataHandler(parser.get(), [](void* self, const char* text, int size) {
    of(self).text.append(text, static_cast<std::size_t>(size));
  });
  XML_SetDoctypeDeclHandler(
      parser.get(), [](void* self, const char*, const char*, const char*, int) { of(self).wrong(); }, nullptr);
  const bool is_read = XML_Parse(parser.get(), body.data(), static_cast<int>(body.size()), 1) != XML_STATUS_ERROR;
  if (!is_read || reading.is_wrong) throw Failure(400, "field_wrong");
  return std::move(reading.asked);
}

std::string write(const std::vector<Item>& items, std::string_view token) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<d:multistatus xmlns:d=\"DAV:\" "
      "xmlns:c=\"urn:ietf:params:xml:ns:carddav\" "
      "xmlns:s=\"http://calendarserver.org/ns/\">";
  for (const Item& item : items) {
    out += "<d:response><d:href>" + xml(item.href) + "</d:href>";
    std::string found, missing;
    for (const auto& [name, value] : item.found) found += tag(name, value);
    for (const Name& name : item.missing) missing += tag(name, "");
    if (item.is_gone) out += "<d:status>HTTP/1.1 404 Not Found</d:status>";
    else if (found.empty() && missing.empty()) out += "<d:status>HTTP/1.1 200 OK</d:status>";
    out += propstat(found, "200 OK") + propstat(missing, "404 Not Found") + "</d:response>\n";
  }
  if (!token.empty()) out += "<d:sync-token>" + xml(token) + "</d:sync-token>";
  return out + "</d:multistatus>\n";
}

}  // namespace annuaires::dav
