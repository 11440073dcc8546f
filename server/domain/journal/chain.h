// The chain: how an event is written as bytes, hashed, read back, verified and exported. docs/journal.md says the same
// in words; tools/verify_journal.py is an independent reading of it.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/storage/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::journal {

inline constexpr std::string_view kEncoding = "cluse.journal.1";
inline constexpr std::string_view kSystem = "system";  ///< the actor when nobody acts
/// What event 1 is chained to: 64 zeros.
inline constexpr std::string_view kGenesis = "0000000000000000000000000000000000000000000000000000000000000000";

/// The details of an event as they are stored. After an erasure `salt` and `body` are empty.
struct Detail {
  std::string salt, body;
  std::optional<std::int64_t> erased_by;  ///< the event of the erasure
  std::string eraser_verb;                ///< its verb, empty if there is no such event
};

/// An event as it is stored. Absent ids are empty.
struct Record {
  std::int64_t sequence = 0;
  Instant at;
  std::string actor, hat, verb, object_kind, object, workspace, request;
  std::string commitment;  ///< empty: the event has no details
  std::string hash;
  bool is_last = false;  ///< it says of itself that none comes after it
  std::optional<Detail> detail = {};
};

/// How the store keeps events: as of today, or as until migration 15. A backup is verified as it is.
enum class Layout { one_row, two_tables };
[[nodiscard]] Layout layout_of(storage::Snapshot& snapshot);

[[nodiscard]] std::string commitment_of(std::string_view salt, std::string_view body);
/// The hash that `record` must have after an event whose hash is `previous`.
[[nodiscard]] std::string hash_of(std::string_view previous, const Record& record);

/// At most `max` events after `sequence`, in order, with their details.
[[nodiscard]] std::vector<Record> read_records(storage::Snapshot& snapshot, std::int64_t sequence, int max,
                                               Layout layout = Layout::one_row);

/// Number and hash of the last event; 0 and kGenesis for none.
struct Head {
  std::int64_t sequence = 0;
  std::string hash{kGenesis};
};
[[nodiscard]] Head head_of(storage::Snapshot& snapshot);

/// One line of `cluse audit export`, with its line feed.
[[nodiscard]] std::string to_json_line(const Record& record);

enum class Fault {
  altered,         ///< the event is not what was written
  missing,         ///< it is not there, though later ones are
  moved,           ///< it stands at `found_at` instead of its place
  cut,             ///< it and all later ones are not there
  detail_altered,  ///< its details are not those that were written
  detail_missing,  ///< its details are gone, and no erasure says why
};
[[nodiscard]] std::string_view to_text(Fault fault);

struct Finding {
  Fault fault = Fault::altered;
  std::int64_t sequence = 0;  ///< the first event that is wrong
  std::int64_t found_at = 0;  ///< for `moved`
};

/// A head noted earlier: "1234:<64 digits>", or the digits alone.
struct KnownHead {
  std::optional<std::int64_t> sequence;
  std::string hash;
};
[[nodiscard]] std::optional<KnownHead> parse_head(std::string_view text);

struct Verdict {
  std::int64_t events = 0;  ///< verified
  std::int64_t erased = 0;  ///< of them: with details that were erased
  std::string head;         ///< hash of the last one, kGenesis for none
  std::optional<Finding> finding;
};

/// Walks the chain page by page, so that no single read takes long; what is appended meanwhile is verified too.
/// Thread: one.
class Verifier {
 public:
  explicit Verifier(std::optional<KnownHead> known = {}, Layout layout = Layout::one_row)
      : known_(std::move(known)), layout_(layout) {}

  /// Verifies the next events. False when there is nothing more to do: read the verdict.
  [[nodiscard]] bool next(storage::Snapshot& snapshot);
  [[nodiscard]] const Verdict& verdict() const { return verdict_; }

 private:
  void check(storage::Snapshot& snapshot, const Record& record);
  void check_detail(const Record& record);
  void finish(storage::Snapshot& snapshot);
  void find_loose_details(storage::Snapshot& snapshot);
  [[nodiscard]] bool claims_last(storage::Snapshot& snapshot) const;
  void find(Fault fault, std::int64_t sequence, std::int64_t found_at = 0);

  const std::optional<KnownHead> known_;
  const Layout layout_;
  bool met_known_ = false;
  bool claims_last_ = false;  ///< the event that was verified last says that none comes after it
  Verdict verdict_{0, 0, std::string(kGenesis), std::nullopt};
};

/// All of it at once, in whichever layout. For the command line and tests.
[[nodiscard]] Verdict verify(storage::Snapshot& snapshot, std::optional<KnownHead> known = {});

}  // namespace cluse::domain::journal
