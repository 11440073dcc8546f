#include "server/net/target.h"

#include "server/base/bytes.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace cluse::net {
namespace {

constexpr std::string_view kInvitations = "/api/v1/invitations/";
constexpr std::size_t kQueryKeysMax = 100;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code < 0x20 || code == 0x7f;
  });
}

bool has_dot_segment(std::string_view path) {
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::optional<Target> parse_target(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') return std::nullopt;
  const auto url = boost::urls::parse_origin_form(boost::core::string_view(raw.data(), raw.size()));
  if (url.has_error()) return std::nullopt;
  const std::string_view encoded = raw.substr(0, raw.find('?'));
  Target target;
  target.path = url->path();
  if (has_control(target.path) || has_dot_segment(target.path) || !is_utf8(target.path)) return std::nullopt;
  // An escaped slash is data to one reader and structure to the next; a backslash is a slash to some.
  if (std::count(encoded.begin(), encoded.end(), '/') != std::count(target.path.begin(), target.path.end(), '/')) {
    return std::nullopt;
  }
  if (target.path.find('\\') != std::string::npos) return std::nullopt;
  std::size_t keys = 0;
  for (const auto& param : url->params()) {
    if (++keys > kQueryKeysMax || !is_utf8(param.key) || !is_utf8(param.value)) return std::nullopt;
    if (param.key.find('\0') != std::string::npos || param.value.find('\0') != std::string::npos) return std::nullopt;
    target.query.insert_or_assign(param.key, param.value);
  }
  return target;
}

std::string loggable_path(std::string_view path) {
  if (!path.starts_with(kInvitations)) return std::string(path);
  const std::size_t end = path.find('/', kInvitations.size());
  std::string shown(kInvitations);
  shown += "{token}";
  if (end != std::string_view::npos) shown += path.substr(end);
  return shown;
}

}  // namespace cluse::net
