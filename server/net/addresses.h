// Who connects: counts by address, handshakes by address, and whose word about the client is believed.
#pragma once

#include "server/net/asio.h"
#include "server/net/server.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cluse::net {

/// Thread: any.
class Addresses : public std::enable_shared_from_this<Addresses> {
 public:
  Addresses(const Limits& limits, const std::vector<std::string>& trusted_proxies);

  /// Counts one connection while alive; empty: the address has enough of them.
  class Seat {
   public:
    Seat() = default;
    Seat(std::shared_ptr<Addresses> owner, std::string key) : owner_(std::move(owner)), key_(std::move(key)) {}
    Seat(Seat&&) = default;
    Seat& operator=(Seat&&) = delete;
    ~Seat();
    [[nodiscard]] explicit operator bool() const { return owner_ != nullptr; }

   private:
    std::shared_ptr<Addresses> owner_;
    std::string key_;  ///< empty: exempt, not counted
  };
  [[nodiscard]] Seat sit_down(const asio::ip::address& address);

  /// Takes one handshake from the bucket of the address, which holds the burst and fills at the rate of the limit.
  [[nodiscard]] bool may_shake_hands(const asio::ip::address& address, TimePoint now);

  [[nodiscard]] bool is_trusted_proxy(const asio::ip::address& address) const;
  /// The last address in X-Forwarded-For that is not a trusted proxy itself; `peer` if there is none.
  [[nodiscard]] asio::ip::address client_of(const asio::ip::address& peer, std::string_view forwarded_for) const;

 private:
  struct Bucket {
    double tokens = 0;
    TimePoint at;
  };
  [[nodiscard]] bool is_exempt(const asio::ip::address& address) const;
  void stand_up(const std::string& key);
  void forget_full_buckets(TimePoint now);

  // Fixed at construction
  const std::size_t per_address_max_;
  const double handshakes_per_second_;
  const double handshakes_burst_;
  const bool loopback_exempt_;
  std::vector<asio::ip::address> trusted_proxies_;
  // Guarded by mutex_
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> seats_;
  std::unordered_map<std::string, Bucket> buckets_;
};

/// An IPv4 address that came in over an IPv6 socket is an IPv4 address.
[[nodiscard]] asio::ip::address unmapped(const asio::ip::address& address);

}  // namespace cluse::net
