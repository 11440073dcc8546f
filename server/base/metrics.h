// Metrics: counters, gauges and histograms, and their Prometheus text form. Names are `cluse_<layer>_<what>_<unit>`.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cluse {

/// Only goes up. Thread: any.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// Goes up and down. Thread: any.
class Gauge {
 public:
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

/// Observed durations in seconds, in fixed buckets from 100 µs to 10 s. Thread: any.
class Histogram {
 public:
  static constexpr double kBounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                       0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  static constexpr std::size_t kBuckets = sizeof kBounds / sizeof kBounds[0] + 1;

  void observe(double seconds);
  [[nodiscard]] std::uint64_t bucket(std::size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  [[nodiscard]] double sum_seconds() const {
    return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9;
  }

 private:
  std::atomic<std::uint64_t> counts_[kBuckets] = {};
  std::atomic<std::uint64_t> sum_ns_ = 0;
};

/// Owns every metric of one server. Register at construction time and keep the reference: it lives as long as the
/// registry. Thread: any.
class Metrics {
 public:
  /// `labels` is the inside of the braces, e.g. `route="/api/v1/session"`, or empty. The same name and labels give the
  /// same object.
  Counter& counter(std::string name, std::string help, std::string labels = {});
  Gauge& gauge(std::string name, std::string help, std::string labels = {});
  Histogram& histogram(std::string name, std::string help, std::string labels = {});

  /// Prometheus text exposition format 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  struct Entry {
    std::string name, help, labels;
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
  };
  Entry& entry(std::string&& name, std::string&& help, std::string&& labels);

  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace cluse
