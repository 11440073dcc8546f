// LiveFan: what the domain tells the people who are connected, passed on to the rooms of documents and to the tabs on
// /live.
#pragma once

#include "server/domain/live.h"
#include "server/realtime/live_hub.h"
#include "server/realtime/rooms.h"

#include <vector>

namespace cluse::realtime {

/// What a tab may be told of its person and of its workspaces. Thread: any.
class LiveNews {
 public:
  virtual ~LiveNews() = default;
  virtual void notified(const std::vector<Id>& people) = 0;
  virtual void happened(const domain::Happening& happening) = 0;
};

/// Requires: both outlive it. Thread: any; `use` before the first call.
class LiveFan final : public domain::Live {
 public:
  LiveFan(Rooms& rooms, LiveHub& hub) : rooms_(rooms), hub_(hub) {}
  /// Requires: outlives it.
  void use(LiveNews& news) { news_ = &news; }

  void session_ended(Id session) override;
  void person_access_changed(Id workspace, Id person) override { rooms_.person_access_changed(workspace, person); }
  void document_about_changed(Id document) override { rooms_.document_about_changed(document); }
  void document_trashed(Id document) override { rooms_.document_trashed(document); }
  void notified(const std::vector<Id>& people) override {
    if (news_ != nullptr && !hub_.is_empty()) news_->notified(people);
  }
  void happened(const domain::Happening& happening) override {
    if (news_ != nullptr && !hub_.is_empty()) news_->happened(happening);
  }
  [[nodiscard]] std::vector<Id> people_in(Id document) const override { return rooms_.people_in(document); }

 private:
  Rooms& rooms_;
  LiveHub& hub_;
  LiveNews* news_ = nullptr;
};

}  // namespace cluse::realtime
