#include "server/net/addresses.h"

#include "server/net/text.h"

#include <algorithm>

namespace cluse::net {
namespace {

constexpr std::size_t kBucketsMax = 10'000;

/// What is counted as one client: an IPv4 address, or the /64 that one IPv6 subscriber is given.
std::string key_of(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const auto octets = address.to_v6().to_bytes();
  return {reinterpret_cast<const char*>(octets.data()), 8};
}

}  // namespace

asio::ip::address unmapped(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

Addresses::Addresses(const Limits& limits, const std::vector<std::string>& trusted_proxies)
    : per_address_max_(limits.connections_per_address_max),
      handshakes_per_second_(static_cast<double>(limits.handshakes_per_second_per_address_max)),
      handshakes_burst_(static_cast<double>(limits.handshakes_burst_per_address_max)),
      loopback_exempt_(limits.loopback_exempt) {
  for (const std::string& text : trusted_proxies) {
    ErrorCode error;
    const auto address = asio::ip::make_address(text, error);
    if (!error) trusted_proxies_.push_back(unmapped(address));
  }
}

bool Addresses::is_exempt(const asio::ip::address& address) const {
  return (loopback_exempt_ && address.is_loopback()) || is_trusted_proxy(address);
}

bool Addresses::is_trusted_proxy(const asio::ip::address& address) const {
  return std::find(trusted_proxies_.begin(), trusted_proxies_.end(), address) != trusted_proxies_.end();
}

Addresses::Seat Addresses::sit_down(const asio::ip::address& address) {
  if (is_exempt(address)) return Seat(shared_from_this(), {});
  std::string key = key_of(address);
  const std::lock_guard lock(mutex_);
  std::size_t& taken = seats_[key];
  if (taken >= per_address_max_) return {};
  ++taken;
  return Seat(shared_from_this(), std::move(key));
}

Addresses::Seat::~Seat() {
  if (owner_ && !key_.empty()) owner_->stand_up(key_);
}

void Addresses::stand_up(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = seats_.find(key);
  if (found != seats_.end() && --found->second == 0) seats_.erase(found);
}

bool Addresses::may_shake_hands(const asio::ip::address& address, TimePoint now) {
  if (is_exempt(address)) return true;
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kBucketsMax) forget_full_buckets(now);
  const auto [found, fresh] = buckets_.try_emplace(key_of(address), Bucket{handshakes_burst_, now});
  Bucket& bucket = found->second;
  const double elapsed = std::chrono::duration<double>(now - bucket.at).count();
  bucket.tokens = std::min(handshakes_burst_, bucket.tokens + elapsed * handshakes_per_second_);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void Addresses::forget_full_buckets(TimePoint now) {
  // A bucket that nobody has used for long enough is full, and as good as none.
  const std::chrono::duration<double> filled(handshakes_burst_ / handshakes_per_second_);
  std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.at >= filled; });
}

asio::ip::address Addresses::client_of(const asio::ip::address& peer, std::string_view forwarded_for) const {
  asio::ip::address client = peer;
  while (is_trusted_proxy(client) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    ErrorCode error;
    const auto next = asio::ip::make_address(std::string(trimmed(forwarded_for.substr(begin))), error);
    if (error) break;
    client = unmapped(next);
    forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
  }
  return client;
}

}  // namespace cluse::net
