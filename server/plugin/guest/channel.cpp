#include "server/plugin/guest/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

namespace cluse::plugin {
namespace {

constexpr ValueLimits kLimits{kMessageBytesMax, 8, 10'000};
constexpr char kLast = 0;
constexpr char kMore = 1;

}  // namespace

Channel::~Channel() {
  ::close(fd_);
}

bool Channel::wait(short events, Deadline deadline) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 && deadline != Deadline::max()) return false;
    const int timeout =
        deadline == Deadline::max() ? -1 : static_cast<int>(std::min<std::int64_t>(left.count(), 60'000));
    pollfd one{fd_, events, 0};
    const int ready = ::poll(&one, 1, timeout);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // the call that follows says what is wrong
  }
}

bool Channel::send(const Value& value, Deadline deadline) {
  const std::string bytes = value.to_cbor();
  if (bytes.size() > kMessageBytesMax) return false;
  const std::lock_guard lock(sending_);
  std::string packet;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min(bytes.size() - at, kPacketBytesMax - 1);
    packet.assign(1, at + size == bytes.size() ? kLast : kMore);
    packet.append(bytes, at, size);
    const auto sent = ::send(fd_, packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == static_cast<ssize_t>(packet.size())) at += size;
    else if (sent >= 0) return false;
    else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
      if (!wait(POLLOUT, deadline)) return false;
    } else if (errno != EINTR) return false;
  }
  return true;
}

Channel::Received Channel::receive(Deadline deadline) {
  std::string message;
  char packet[kPacketBytesMax];
  for (;;) {
    if (!wait(POLLIN, deadline)) return {message.empty() ? State::timeout : State::broken};
    const auto size = ::recv(fd_, packet, sizeof packet, MSG_DONTWAIT | MSG_TRUNC);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (size < 1 || static_cast<std::size_t>(size) > sizeof packet) return {};
    message.append(packet + 1, static_cast<std::size_t>(size) - 1);
    if (message.size() > kMessageBytesMax) return {};
    if (packet[0] == kMore) continue;
    auto value = Value::from_cbor(message, kLimits);
    if (!value) return {};
    return {State::message, std::move(*value)};
  }
}

}  // namespace cluse::plugin
