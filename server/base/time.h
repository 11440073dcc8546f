// Instants, in UTC, and the clock they come from. Time zones and locales belong to the edge.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace cluse {

/// Milliseconds since 1970-01-01T00:00:00Z: what the database stores and the wire shows as RFC 3339.
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
};

[[nodiscard]] inline Instant operator+(Instant at, std::chrono::milliseconds later) {
  return {at.ms + later.count()};
}
[[nodiscard]] inline Instant operator-(Instant at, std::chrono::milliseconds earlier) {
  return {at.ms - earlier.count()};
}

/// "2026-11-22T09:30:00.000Z".
[[nodiscard]] std::string to_rfc3339(Instant at);

/// The seam through which time enters services. Thread: any.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// For tests: stands still until told otherwise. Thread: any.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return {ms_.load()}; }
  void advance(std::chrono::milliseconds by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_ = 1'790'000'000'000;  // in 2026
};

}  // namespace cluse
