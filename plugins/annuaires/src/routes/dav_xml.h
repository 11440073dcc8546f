// The XML of CardDAV (RFC 6352, RFC 4918, RFC 6578): what a client asks for, and answers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace annuaires::dav {

inline constexpr std::string_view kDav = "DAV:", kCard = "urn:ietf:params:xml:ns:carddav",
                                  kServer = "http://calendarserver.org/ns/";

struct Name {
  std::string space, local;
  auto operator<=>(const Name&) const = default;
};

struct TextMatch {
  std::string property, text, kind;  ///< property: FN, EMAIL, …; kind: equals, contains, starts-with, ends-with
  bool negates = false;
};

/// The body of a PROPFIND or REPORT.
struct Asked {
  Name report;              ///< "addressbook-query", "addressbook-multiget", "sync-collection", or "propfind"
  bool all = false;         ///< allprop, propname, or no body
  std::vector<Name> names;  ///< of properties
  std::vector<std::string> hrefs;
  std::string sync_token;
  int limit = 0;
  bool any = true;  ///< test="anyof" of the filter
  std::vector<TextMatch> filters;
};
/// Throws Failure(400) for what is no XML, has a document type, or more than 10,000 hrefs.
[[nodiscard]] Asked read(std::string_view body);

/// One <response>: properties that there are, and names of those that there are not.
struct Item {
  std::string href;
  std::vector<std::pair<Name, std::string>> found;  ///< values are XML
  std::vector<Name> missing;
  bool is_gone = false;  ///< status 404 for the whole of it
};
/// A multistatus; `token` of a sync-collection, may be empty.
[[nodiscard]] std::string write(const std::vector<Item>& items, std::string_view token);

}  // namespace annuaires::dav
