#include "server/api/origin.h"

#include <algorithm>
#include <string_view>

namespace cluse::api {
namespace {

bool same_text(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    return lower(a) == lower(b);
  });
}

}  // namespace

std::string own_origin(const net::Request& request) {
  return (request.tls ? "https://" : "http://") + std::string(request.header("Host"));
}

bool is_from_our_origin(const net::Request& request, const Settings& settings) {
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) {
    const std::string_view site = request.header("Sec-Fetch-Site");
    return site.empty() || site == "same-origin" || site == "none";
  }
  if (same_text(origin, own_origin(request))) return true;
  if (!settings.public_url.empty() && same_text(origin, settings.public_url)) return true;
  return std::any_of(settings.origins.begin(), settings.origins.end(),
                     [&](const std::string& allowed) { return same_text(origin, allowed); });
}

}  // namespace cluse::api
