// Channel: values over a SOCK_SEQPACKET pair, between the server and the runner of one plugin. A message is one CBOR
// item in one or more packets; every packet begins with a byte that says whether another follows.
//
// The other end may be hostile: lengths, order and content are checked, and nothing waits past its deadline.
// Thread: `send` any, one after another; `receive` one.
#pragma once

#include <cluse/value.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace cluse::plugin {

inline constexpr std::size_t kPacketBytesMax = 60U << 10;
inline constexpr std::size_t kMessageBytesMax = 20U << 20;

using Deadline = std::chrono::steady_clock::time_point;

class Channel {
 public:
  /// Owns `fd`.
  explicit Channel(int fd) : fd_(fd) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// False once the other end is gone, or does not take the message by `deadline` (the channel is broken then).
  bool send(const Value& value, Deadline deadline);

  enum class State { message, timeout, broken };
  struct Received {
    State state = State::broken;
    Value value = {};
  };
  /// Waits for one message; `broken` also where it is no message of ours.
  Received receive(Deadline deadline);

  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool wait(short events, Deadline deadline) const;

  const int fd_;
  std::mutex sending_;
};

}  // namespace cluse::plugin
