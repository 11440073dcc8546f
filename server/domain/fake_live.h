// FakeLive: writes down what it is told, for tests.
#pragma once

#include "server/domain/live.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cluse::domain {

/// Thread: any.
class FakeLive final : public Live {
 public:
  void session_ended(Id session) override { record("session_ended", session); }
  void person_access_changed(Id workspace, Id person) override { record("access_changed", workspace, person); }
  void document_about_changed(Id document) override { record("about_changed", document); }
  void document_trashed(Id document) override { record("trashed", document); }

  void notified(const std::vector<Id>& people) override {
    for (const Id person : people) record("notified", person);
  }
  void happened(const Happening& happening) override { record(happening.verb, happening.workspace); }

  [[nodiscard]] std::vector<Id> people_in(Id document) const override {
    const std::scoped_lock lock(mutex_);
    const auto found = people_.find(document);
    return found == people_.end() ? std::vector<Id>{} : found->second;
  }

  /// Makes `people` be in `document`.
  void put(Id document, std::vector<Id> people) {
    const std::scoped_lock lock(mutex_);
    people_[document] = std::move(people);
  }
  /// How often `event` was told about `subject`.
  [[nodiscard]] int count(const std::string& event, Id subject) const {
    const std::scoped_lock lock(mutex_);
    int n = 0;
    for (const auto& entry : entries_) n += entry.event == event && entry.subject == subject;
    return n;
  }
  [[nodiscard]] bool told_access_changed(Id workspace, Id person) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& entry : entries_)
      if (entry.event == "access_changed" && entry.subject == workspace && entry.person == person) return true;
    return false;
  }

 private:
  struct Entry {
    std::string event;
    Id subject, person;
  };
  void record(std::string event, Id subject, Id person = {}) {
    const std::scoped_lock lock(mutex_);
    entries_.push_back({std::move(event), subject, person});
  }

  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::map<Id, std::vector<Id>> people_;
};

}  // namespace cluse::domain
