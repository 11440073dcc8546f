#include "server/domain/translation/libre_translate.h"

#include <boost/json.hpp>

#include <utility>

namespace cluse::domain::translation {
namespace {

constexpr std::size_t kDetailBytesMax = 300;

std::string host_of(const std::string& url) {
  const auto start = url.find("://");
  const auto from = start == std::string::npos ? 0 : start + 3;
  return url.substr(from, url.find_first_of(":/?#", from) - from);
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// {"error": "…"} of a provider that refuses.
std::string reason_in(const std::string& body) {
  boost::system::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error || !value.is_object()) return {};
  const auto* reason = value.get_object().if_contains("error");
  if (reason == nullptr || !reason->is_string()) return {};
  return std::string(reason->get_string()).substr(0, kDetailBytesMax);
}

std::unexpected<Error> malformed(const std::string& why) {
  return fail(Errc::unavailable, "translation_malformed", why);
}

Result<std::vector<std::string>> texts_in(const std::string& body, std::size_t expected) {
  boost::system::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error || !value.is_object()) return malformed("no JSON object");
  const auto* list = value.get_object().if_contains("translatedText");
  if (list == nullptr || !list->is_array() || list->get_array().size() != expected)
    return malformed("translatedText is not as many texts as were asked for");
  std::vector<std::string> texts;
  for (const auto& each : list->get_array()) {
    if (!each.is_string()) return malformed("translatedText holds something else than texts");
    texts.emplace_back(each.get_string());
  }
  return texts;
}

}  // namespace

LibreTranslate::LibreTranslate(Settings settings)
    : settings_{without_slash(std::move(settings.url)), std::move(settings.api_key), std::move(settings.ca_file)},
      host_(host_of(settings_.url)),
      client_({.connect = std::chrono::seconds(5), .total = kAnswerTimeout, .body_bytes_max = kAnswerBytesMax}) {}

Result<std::vector<std::string>> LibreTranslate::translate(const std::vector<std::string>& texts, TextFormat format,
                                                           std::string_view source, std::string_view target) {
  boost::json::array asked;
  for (const auto& text : texts) asked.push_back(boost::json::string(text));
  boost::json::object body{{"q", std::move(asked)},
                           {"source", source},
                           {"target", target},
                           {"format", format == TextFormat::html ? "html" : "text"}};
  if (!settings_.api_key.empty()) body["api_key"] = settings_.api_key;
  http_client::Request request;
  request.url = settings_.url + "/translate";
  request.json = boost::json::serialize(body);
  request.ca_file = settings_.ca_file;
  const auto answer = client_.fetch(request);
  if (!answer) return fail(Errc::unavailable, "translation_unreachable", answer.error().detail);
  if (answer->status >= 500)
    return fail(Errc::unavailable, "translation_unreachable", host_ + " answered " + std::to_string(answer->status));
  if (answer->status != 200)
    return fail(Errc::unavailable, "translation_refused",
                host_ + " answered " + std::to_string(answer->status) + ": " + reason_in(answer->body));
  return texts_in(answer->body, texts.size());
}

}  // namespace cluse::domain::translation
