#include "server/http_client/guarded_fetch.h"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <optional>

namespace cluse::http_client {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kAnswerHeadersMax = 200;

struct Transfer {
  FetchAnswer answer;
  bool too_long = false, is_private = false, allow_private = false;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// What frames the message or names the host is not the caller's to say.
bool may_send(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kOurs = {
      "host", "content-length", "transfer-encoding", "connection", "keep-alive",
      "te",   "trailer",        "upgrade",           "expect",     "proxy-authorization"};
  return is_token(name) && std::ranges::find(kOurs, lower(name)) == kOurs.end();
}

Result<void> check(const FetchRequest& request) {
  static constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  const auto wrong = [](std::string words) { return fail(Errc::invalid, "request_wrong", std::move(words)); };
  if (std::ranges::find(kMethods, request.method) == kMethods.end()) return wrong("the method " + request.method);
  if (request.url.size() > kFetchUrlBytesMax) return wrong("the address is too long");
  if (request.body.size() > kFetchBodyBytesMax) return wrong("the body is larger than 1 MiB");
  if (request.headers.size() > kFetchHeadersMax) return wrong("too many headers");
  for (const auto& [name, value] : request.headers) {
    const bool is_plain =
        std::ranges::all_of(value, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
    if (!may_send(name) || !is_plain || name.size() + value.size() > kFetchHeaderBytesMax)
      return wrong("the header " + name.substr(0, 100));
  }
  return {};
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string found(text);
  curl_free(text);
  return found;
}

Result<void> check_place(const std::string& address, const FetchPolicy& policy) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  const auto refused = [&](const char* why) {
    return fail(Errc::denied, "address_refused", address.substr(0, 200) + ": " + why);
  };
  if (curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK) return refused("is no address");
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME), port = part_of(url.get(), CURLUPART_PORT);
  if (scheme != "https" && !(policy.allow_plain && scheme == "http")) return refused("https is expected");
  if (!part_of(url.get(), CURLUPART_USER).empty()) return refused("a name and a password stand in it");
  std::string host = lower(part_of(url.get(), CURLUPART_HOST));
  if (!port.empty() && port != "443") host += ":" + port;
  if (std::ranges::find(policy.hosts, host) == policy.hosts.end()) return refused("the host is not on the list");
  return {};
}

std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  const std::size_t bytes = size * count;
  if (transfer.answer.body.size() + bytes > kFetchBodyBytesMax) {
    transfer.too_long = true;
    return 0;  // ends the transfer
  }
  transfer.answer.body.append(data, bytes);
  return bytes;
}

std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) transfer.answer.headers.clear();  // 100, then the answer
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  auto value = line.substr(std::min(colon + 1, line.size()));
  while (value.starts_with(' ')) value.remove_prefix(1);
  if (transfer.answer.headers.size() < kAnswerHeadersMax)
    transfer.answer.headers.emplace_back(lower(line.substr(0, colon)), value);
  return size * count;
}

std::string_view octets_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return {reinterpret_cast<const char*>(&four), sizeof four};
  }
  if (address.sa_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return {reinterpret_cast<const char*>(&six), sizeof six};
  }
  return {};
}

// The address is the one that is connected to, whatever a name server says a moment later.
curl_socket_t on_open(void* from, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(from);
  if (!transfer.allow_private && is_private_address(octets_of(address->addr))) {
    transfer.is_private = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct Lists {
  curl_slist* headers = nullptr;
  curl_slist* resolve = nullptr;
  Lists() = default;
  Lists(const Lists&) = delete;
  Lists& operator=(const Lists&) = delete;
  ~Lists() {
    curl_slist_free_all(headers);
    curl_slist_free_all(resolve);
  }
};

void set_limits(CURL* curl, std::chrono::milliseconds left, const FetchPolicy& policy) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, policy.allow_plain ? "https,http" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(left.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "Cluse");
}

void set_message(CURL* curl, const FetchRequest& request, Lists& lists) {
  for (const auto& [name, value] : request.headers)
    lists.headers = curl_slist_append(lists.headers, (value.empty() ? name + ";" : name + ": " + value).c_str());
  lists.headers = curl_slist_append(lists.headers, "Expect:");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lists.headers);
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
             request.method == "PATCH") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request.body.data());
  }
  if (request.method != "HEAD") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Result<FetchAnswer> fetch_once(const FetchRequest& request, const std::string& url, std::chrono::milliseconds left,
                               const FetchPolicy& policy) {
  CLUSE_CHECK(check_place(url, policy));
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
  CURL* curl = handle.get();
  Transfer transfer;
  transfer.allow_private = policy.allow_private;
  std::array<char, CURL_ERROR_SIZE> complaint{};
  Lists lists;
  for (const auto& each : policy.resolve) lists.resolve = curl_slist_append(lists.resolve, each.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  set_limits(curl, left, policy);
  set_message(curl, request, lists);
  if (lists.resolve != nullptr) curl_easy_setopt(curl, CURLOPT_RESOLVE, lists.resolve);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, complaint.data());
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK && transfer.is_private)
    return fail(Errc::denied, "address_refused", url.substr(0, 200) + ": it leads to a private address");
  if (code != CURLE_OK) {
    const std::string why = transfer.too_long   ? "the answer is larger than 1 MiB"
                            : complaint[0] != 0 ? complaint.data()
                                                : curl_easy_strerror(code);
    return fail(Errc::unavailable, "server_unreachable", url.substr(0, 200) + ": " + why);
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  transfer.answer.status = static_cast<int>(status);
  return std::move(transfer.answer);
}

// Where an answer leads, as a whole address; nothing: it is the answer.
std::optional<std::string> target_of(const FetchAnswer& answer, const std::string& from) {
  if (answer.status < 301 || answer.status > 308 || answer.status == 304) return std::nullopt;
  const auto found = std::ranges::find(answer.headers, "location", [](const auto& header) { return header.first; });
  if (found == answer.headers.end()) return std::nullopt;
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, from.c_str(), 0) != CURLUE_OK) return std::nullopt;
  if (curl_url_set(url.get(), CURLUPART_URL, found->second.c_str(), 0) != CURLUE_OK) return std::nullopt;
  return part_of(url.get(), CURLUPART_URL);
}

std::string host_of(const std::string& address) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK) return {};
  return lower(part_of(url.get(), CURLUPART_HOST)) + ':' + part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

// They were meant for the first host.
void drop_secrets(FetchHeaders& headers) {
  std::erase_if(headers, [](const auto& header) {
    const std::string name = lower(header.first);
    return name == "authorization" || name == "cookie" || name.starts_with("x-");
  });
}

bool is_private_4(const unsigned char* a) {
  const auto is = [a](int first, int second_low, int second_high) {
    return a[0] == first && a[1] >= second_low && a[1] <= second_high;
  };
  return a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 || is(100, 64, 127) || is(169, 254, 254) ||
         is(172, 16, 31) || is(192, 168, 168) || is(198, 18, 19) || (is(192, 0, 0) && (a[2] == 0 || a[2] == 2)) ||
         (is(198, 51, 51) && a[2] == 100) || (is(203, 0, 0) && a[2] == 113);
}

}  // namespace

bool is_private_address(std::string_view octets) {
  const auto* a = reinterpret_cast<const unsigned char*>(octets.data());
  if (octets.size() == 4) return is_private_4(a);
  if (octets.size() != 16) return true;
  const auto zeros = [a](int from, int to) { return std::all_of(a + from, a + to, [](auto c) { return c == 0; }); };
  if (zeros(0, 10) && a[10] == 0xff && a[11] == 0xff) return is_private_4(a + 12);             // ::ffff:a.b.c.d
  if (a[0] == 0 && a[1] == 0x64 && a[2] == 0xff && a[3] == 0x9b) return is_private_4(a + 12);  // 64:ff9b::a.b.c.d
  if (a[0] == 0x20 && a[1] == 0x02) return is_private_4(a + 2);                                // 2002:abcd::
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] <= 1) return true;                                  // Teredo and kin
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8) return true;               // documentation
  return (a[0] & 0xe0) != 0x20;  // only 2000::/3 is given out
}

Result<FetchAnswer> guarded_fetch(const FetchRequest& request, const FetchPolicy& policy) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CLUSE_CHECK(check(request));
  const auto end = steady_clock::now() + policy.total;
  std::string url = request.url;
  FetchRequest asked = request;
  for (int redirects = 0;; ++redirects) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) return fail(Errc::unavailable, "server_unreachable", url.substr(0, 200) + ": too slow");
    CLUSE_TRY(answer, fetch_once(asked, url, left, policy));
    const auto next = target_of(answer, url);
    if (!next || (request.method != "GET" && request.method != "HEAD")) return std::move(answer);
    if (redirects == kFetchRedirectsMax)
      return fail(Errc::unavailable, "server_unreachable", url.substr(0, 200) + ": too many redirects");
    if (host_of(*next) != host_of(url)) drop_secrets(asked.headers);
    url = *next;
  }
}

}  // namespace cluse::http_client
