// The shapes of docs/api.md: domain values as JSON.
#pragma once

#include "server/api/call.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <vector>

namespace cluse::api {

[[nodiscard]] boost::json::object to_json(const domain::Organisation& organisation);
/// With everything that stands around it.
[[nodiscard]] boost::json::object to_json(const domain::OrganisationDetail& detail);
[[nodiscard]] boost::json::object to_json(const domain::Membership& membership);
[[nodiscard]] boost::json::object to_json(const domain::Mandate& mandate);
[[nodiscard]] boost::json::object to_json(const domain::OrganisationDetail::Holder& holder);
[[nodiscard]] boost::json::object to_json(const domain::territories::Unit& unit);
[[nodiscard]] boost::json::object to_json(const domain::Person& person);
[[nodiscard]] boost::json::object to_json(const domain::Profile& profile);
[[nodiscard]] boost::json::object to_json(const domain::SessionInfo& session);
[[nodiscard]] boost::json::object to_json(const domain::Territory& territory);
[[nodiscard]] boost::json::object to_json(const domain::Workspace& workspace);
[[nodiscard]] boost::json::object to_json(const domain::Member& member);
[[nodiscard]] boost::json::object to_json(const domain::Document& document);
/// With the workspace it stands in.
[[nodiscard]] boost::json::object to_placed_json(const domain::Document& document);

template <class T>
[[nodiscard]] boost::json::array to_json(const std::vector<T>& values) {
  boost::json::array array;
  array.reserve(values.size());
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}
[[nodiscard]] boost::json::array to_placed_json(const std::vector<domain::Document>& documents);

template <class T>
[[nodiscard]] boost::json::value to_json_or_null(const std::optional<T>& value) {
  return value ? boost::json::value(to_json(*value)) : boost::json::value(nullptr);
}
[[nodiscard]] boost::json::value text_or_null(const std::optional<std::string>& text);
[[nodiscard]] boost::json::value id_or_null(const std::optional<Id>& id);

[[nodiscard]] net::Response answer(int status, const boost::json::object& body);

}  // namespace cluse::api
