// Retention: how long personal data that nobody needs any more are kept, and their end.
//
// Each kind of data has a clock. A sweep takes what is past it; what was taken is counted in one event of the journal,
// under which details of older events are emptied while the chain stays intact (docs/journal.md). A sweep may run on
// several nodes at once and as often as one likes.
// Source of the principle: RGPD art. 5(1)(e), nLPD art. 6(4); the lengths are the operator's, with defaults of ours.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/sessions.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain {

/// In the order in which a sweep looks at them. Their words are known to the client (privacy.json).
enum class ClockId { sessions, places, links, invitations, opened, devices, notifications };
inline constexpr std::array<std::string_view, 7> kClocks = {"sessions", "places",  "links",        "invitations",
                                                            "opened",   "devices", "notifications"};

struct RetentionPolicy {
  std::chrono::days invitations{90};     ///< after the end of one that nobody took: its address goes, the link is gone
  std::chrono::days opened{365};         ///< which documents one opened
  std::chrono::days devices{365};        ///< the device in the journal's event of a sign-in
  std::chrono::days notifications{180};  ///< lines of the centre, read or not
  std::chrono::days dormant{730};        ///< an account unused for so long is shown to administrators
};

/// Of one kind.
struct RetentionClock {
  ClockId id = ClockId::sessions;
  std::chrono::days keep{0};  ///< rounded up
  std::int64_t held = 0;      ///< pieces there are now
};

struct DormantAccount {
  Id person;
  std::string name, email;
  Instant last_seen;  ///< the last sign-in, or when the account was made
};

struct RetentionView {
  std::vector<RetentionClock> clocks;
  std::optional<Instant> last_sweep;    ///< the last that took something
  std::vector<DormantAccount> dormant;  ///< longest first, at most kDormantShown
};
inline constexpr int kDormantShown = 200;
inline constexpr int kSweepRowsMax = 2'000;  ///< of one kind in one transaction: nobody waits long for the writer

/// What one step of a sweep took, by ClockId.
using Swept = std::array<std::int64_t, kClocks.size()>;

/// Thread: any.
class Retention {
 public:
  Retention(Environment environment, const SessionPolicy& sessions, std::chrono::milliseconds places,
            RetentionPolicy policy);

  /// How long each kind is kept: for the register, which everybody may read.
  [[nodiscard]] std::vector<RetentionClock> clocks() const;
  /// Administrators.
  Task<Result<RetentionView>> view(Actor actor);

  /// Takes everything that is past its clock, in steps. Blocks; not on a shard. Code: those of the store.
  [[nodiscard]] Result<Swept> sweep_now() const;
  /// One step, inside a write.
  [[nodiscard]] Swept sweep_step(storage::Transaction& tx, Instant now) const;

 private:
  [[nodiscard]] std::chrono::milliseconds keep(ClockId id) const;

  const Environment environment_;
  const SessionPolicy sessions_;
  const std::chrono::milliseconds places_;
  const RetentionPolicy policy_;
};

}  // namespace cluse::domain
