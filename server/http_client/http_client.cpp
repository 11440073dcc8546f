#include "server/http_client/http_client.h"

#include <curl/curl.h>

#include <array>
#include <cstdio>
#include <memory>
#include <mutex>

namespace cluse::http_client {
namespace {

/// What libcurl's callbacks see.
struct Transfer {
  std::string body;
  std::size_t body_bytes_max = 0;
  bool too_long = false;
  const std::atomic<bool>* stopping = nullptr;
};

std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  const std::size_t bytes = size * count;
  if (transfer.body.size() + bytes > transfer.body_bytes_max) {
    transfer.too_long = true;
    return 0;  // ends the transfer
  }
  transfer.body.append(data, bytes);
  return bytes;
}

int on_progress(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Transfer*>(from)->stopping->load() ? 1 : 0;
}

std::string part_of(const std::string& url, CURLUPart part) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  char* text = nullptr;
  if (curl_url_get(parsed.get(), part, &text, 0) != CURLUE_OK) return {};
  std::string found(text);
  curl_free(text);
  return found;
}

std::string media_type(const char* header) {
  std::string type;
  for (const char* c = header; c != nullptr && *c != 0 && *c != ';' && *c != ' '; ++c)
    type += *c >= 'A' && *c <= 'Z' ? static_cast<char>(*c | 0x20) : *c;
  return type;
}

void initialise_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

bool is_allowed(const std::string& url) {
  const std::string scheme = part_of(url, CURLUPART_SCHEME), host = part_of(url, CURLUPART_HOST);
  if (host.empty() || !part_of(url, CURLUPART_USER).empty()) return false;
  if (scheme == "https") return true;
  return scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "[::1]");
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

HttpClient::HttpClient(Limits limits) : limits_(limits) {
  initialise_library();
}

Result<Response> HttpClient::fetch(const Request& request) const {
  if (!is_allowed(request.url)) return fail(Errc::denied, "address_refused", request.url);
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
  CURL* curl = handle.get();
  Transfer transfer{{}, limits_.body_bytes_max, false, &stopping_};
  std::array<char, CURL_ERROR_SIZE> complaint{};
  curl_slist* headers = curl_slist_append(nullptr, "Accept: application/json, application/jwt");
  if (request.form.empty() && !request.json.empty())
    headers = curl_slist_append(headers, "Content-Type: application/json");
  for (const std::string& header : request.headers) headers = curl_slist_append(headers, header.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.total.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "Cluse");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, complaint.data());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  if (const std::string& body = request.form.empty() ? request.json : request.form; !body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  if (code != CURLE_OK) {
    const std::string why = transfer.too_long   ? "the answer is too long"
                            : complaint[0] != 0 ? complaint.data()
                                                : curl_easy_strerror(code);
    return fail(Errc::unavailable, "server_unreachable", request.url + ": " + why);
  }
  long status = 0;
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  return Response{static_cast<int>(status), media_type(type), std::move(transfer.body)};
}

}  // namespace cluse::http_client
