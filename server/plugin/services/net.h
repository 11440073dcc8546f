// The service cluse.net/1: plugins have no network; what they say to others goes through here, over https, to the hosts
// that an administrator has accepted, and never into the server's own network.
#pragma once

#include "server/http_client/guarded_fetch.h"
#include "server/plugin/services/service.h"

namespace cluse::plugin {

/// fetch {method, url, headers?, body?} → {status, headers, body}
class NetService final : public Service {
 public:
  /// `policy`: its hosts are those of each plugin; the rest is for tests.
  explicit NetService(http_client::FetchPolicy policy = {}) : policy_(std::move(policy)) {}
  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;

 private:
  const http_client::FetchPolicy policy_;
};

}  // namespace cluse::plugin
