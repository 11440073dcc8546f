#include "server/plugin/services/net.h"

#include <cluse/plugin.h>

#include <algorithm>

namespace cluse::plugin {

std::int32_t NetService::serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) {
  if (operation != "fetch") return CLUSE_UNSUPPORTED;
  http_client::FetchRequest request{body["method"].get_or<std::string>("GET"), body["url"].as<std::string>(), {}, {}};
  for (const auto& [name, value] : body["headers"].entries())
    request.headers.emplace_back(name, value.as<std::string>());
  if (const auto octets = body["body"].get<Octets>()) request.body = octets->data;
  else request.body = body["body"].get_or<std::string>("");
  http_client::FetchPolicy policy = policy_;
  policy.hosts = caller.plugin.grants.network;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(caller.deadline - std::chrono::steady_clock::now());
  policy.total = std::min(policy.total, left);
  auto fetched = http_client::guarded_fetch(request, policy);
  if (!fetched) return refuse(answer, fetched.error());
  Value headers = Value::map();
  for (const auto& [name, value] : fetched->headers)
    if (value_detail::is_utf8(value)) headers.set(name, value);
  answer = Value{{"status", fetched->status}, {"headers", headers}, {"body", Octets{std::move(fetched->body)}}};
  return CLUSE_OK;
}

}  // namespace cluse::plugin
