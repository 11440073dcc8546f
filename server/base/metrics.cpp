#include "server/base/metrics.h"

#include <algorithm>
#include <cstdio>

namespace cluse {

void Histogram::observe(double seconds) {
  const auto bound = std::lower_bound(std::begin(kBounds), std::end(kBounds), seconds);
  counts_[bound - std::begin(kBounds)].fetch_add(1, std::memory_order_relaxed);
  sum_ns_.fetch_add(static_cast<std::uint64_t>(seconds * 1e9), std::memory_order_relaxed);
}

Metrics::Entry& Metrics::entry(std::string&& name, std::string&& help, std::string&& labels) {
  const auto same = [&](const auto& e) { return e->name == name && e->labels == labels; };
  const auto found = std::find_if(entries_.begin(), entries_.end(), same);
  if (found != entries_.end()) return **found;
  auto fresh = std::make_unique<Entry>();
  fresh->name = std::move(name);
  fresh->help = std::move(help);
  fresh->labels = std::move(labels);
  return *entries_.emplace_back(std::move(fresh));
}

Counter& Metrics::counter(std::string name, std::string help, std::string labels) {
  const std::lock_guard lock(mutex_);
  Entry& e = entry(std::move(name), std::move(help), std::move(labels));
  if (!e.counter) e.counter = std::make_unique<Counter>();
  return *e.counter;
}

Gauge& Metrics::gauge(std::string name, std::string help, std::string labels) {
  const std::lock_guard lock(mutex_);
  Entry& e = entry(std::move(name), std::move(help), std::move(labels));
  if (!e.gauge) e.gauge = std::make_unique<Gauge>();
  return *e.gauge;
}

Histogram& Metrics::histogram(std::string name, std::string help, std::string labels) {
  const std::lock_guard lock(mutex_);
  Entry& e = entry(std::move(name), std::move(help), std::move(labels));
  if (!e.histogram) e.histogram = std::make_unique<Histogram>();
  return *e.histogram;
}

namespace {

std::string braces(const std::string& labels) {
  return labels.empty() ? "" : '{' + labels + '}';
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

void expose_histogram(std::string& out, const std::string& name, const std::string& labels,
                      const Histogram& histogram) {
  const std::string lead = labels.empty() ? "{le=\"" : '{' + labels + ",le=\"";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < Histogram::kBuckets; ++i) {
    total += histogram.bucket(i);
    const std::string bound = i + 1 < Histogram::kBuckets ? number(Histogram::kBounds[i]) : "+Inf";
    out += name + "_bucket" + lead + bound + "\"} " + std::to_string(total) + '\n';
  }
  out += name + "_sum" + braces(labels) + ' ' + number(histogram.sum_seconds()) + '\n';
  out += name + "_count" + braces(labels) + ' ' + std::to_string(total) + '\n';
}

}  // namespace

std::string Metrics::expose() const {
  const std::lock_guard lock(mutex_);
  std::vector<const Entry*> sorted;
  for (const auto& e : entries_) sorted.push_back(e.get());
  std::stable_sort(sorted.begin(), sorted.end(), [](auto a, auto b) { return a->name < b->name; });
  std::string out;
  std::string previous;
  for (const Entry* e : sorted) {
    if (e->name != previous) {
      const char* type = e->counter ? "counter" : e->gauge ? "gauge" : "histogram";
      out += "# HELP " + e->name + ' ' + e->help + "\n# TYPE " + e->name + ' ' + type + '\n';
      previous = e->name;
    }
    if (e->counter) out += e->name + braces(e->labels) + ' ' + std::to_string(e->counter->value()) + '\n';
    if (e->gauge) out += e->name + braces(e->labels) + ' ' + std::to_string(e->gauge->value()) + '\n';
    if (e->histogram) expose_histogram(out, e->name, e->labels, *e->histogram);
  }
  return out;
}

}  // namespace cluse
