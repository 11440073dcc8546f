#include "server/net/http.h"

#include "server/net/text.h"

namespace cluse::net {

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (iequals(key, name)) return value;
  }
  return {};
}

std::string_view Request::cookie(std::string_view name) const {
  // Browsers send one Cookie header; a proxy may have split it, so every one is read.
  for (const auto& [key, value] : headers) {
    if (!iequals(key, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::string_view pair = trimmed(next_item(rest, ';'));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      std::string_view found = pair.substr(equals + 1);
      if (found.size() >= 2 && found.front() == '"' && found.back() == '"') found = found.substr(1, found.size() - 2);
      return found;
    }
  }
  return {};
}

Response Response::json(int status, std::string body) {
  Response response{status, {}, std::move(body)};
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}

Response& Response::with(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

}  // namespace cluse::net
