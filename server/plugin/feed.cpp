#include "server/plugin/feed.h"

#include "server/base/log.h"
#include "server/domain/journal/chain.h"
#include "server/plugin/event_log.h"

#include <algorithm>
#include <utility>

namespace cluse::plugin {
namespace {

using std::chrono::steady_clock;

constexpr int kRecordsAtOnce = 200;

Value to_value(const domain::journal::Record& event) {
  return {{"sequence", event.sequence},
          {"at", event.at.ms},
          {"verb", event.verb},
          {"object_kind", event.object_kind},
          {"object", event.object},
          {"workspace", event.workspace},
          {"actor", event.actor == domain::journal::kSystem ? "" : event.actor},
          {"hat", event.hat}};
}

Value to_value(const LoggedEvent& event) {
  return {{"sequence", event.sequence}, {"at", event.at.ms},
          {"plugin", event.plugin},     {"topic", event.name.substr(event.plugin.size() + 1)},
          {"actor", event.actor},       {"body", Value::from_cbor(event.body).value_or(Value())}};
}

Feed::Notice notice_of(std::int64_t sequence, std::string name, const Value& body) {
  Work work;
  work.kind = WorkKind::notice;
  work.name = std::move(name);
  work.body = body.to_cbor();
  return {sequence, std::move(work)};
}

class JournalFeed final : public Feed {
 public:
  JournalFeed(storage::Database& database, storage::PluginStore& store, std::vector<std::string> wanted)
      : database_(database), store_(store), wanted_(std::move(wanted)) {}

  void begin() override {
    const auto cursor = store_.cursor();
    if (!cursor || *cursor) return;
    const auto head = database_.read_now([](storage::Snapshot& snapshot) -> Result<std::int64_t> {
      return domain::journal::head_of(snapshot).sequence;
    });
    if (head) static_cast<void>(store_.set_cursor(*head));
  }

 private:
  std::optional<Notice> next(bool& may_be_more) override {
    if (wanted_.empty()) return std::nullopt;
    const auto cursor = store_.cursor();
    if (!cursor) return std::nullopt;
    if (!*cursor) {
      begin();
      return std::nullopt;
    }
    const auto events = database_.read_now(
        [from = **cursor](storage::Snapshot& snapshot) -> Result<std::vector<domain::journal::Record>> {
          return domain::journal::read_records(snapshot, from, kRecordsAtOnce);
        });
    if (!events || events->empty()) return std::nullopt;
    for (const auto& event : *events)
      if (std::ranges::find(wanted_, event.verb) != wanted_.end())
        return notice_of(event.sequence, event.verb, to_value(event));
    static_cast<void>(store_.set_cursor(events->back().sequence));
    may_be_more = true;
    return std::nullopt;
  }
  void move_past(const Notice& notice) override { static_cast<void>(store_.set_cursor(notice.sequence)); }

  storage::Database& database_;
  storage::PluginStore& store_;
  const std::vector<std::string> wanted_;
};

class EventFeed final : public Feed {
 public:
  EventFeed(storage::Database& database, std::string plugin, std::set<std::string> wanted)
      : database_(database), plugin_(std::move(plugin)), wanted_(std::move(wanted)) {}

  // Adds alone: the version before may still be told of what this one does not want.
  void begin() override { static_cast<void>(agree(false)); }

 private:
  std::optional<Notice> next(bool& /*may_be_more*/) override {
    if (!has_agreed_) has_agreed_ = agree(true);
    if (wanted_.empty()) return std::nullopt;
    const auto event = database_.read_now([this](storage::Snapshot& snapshot) -> Result<std::optional<LoggedEvent>> {
      return next_event(snapshot, plugin_);
    });
    if (!event || !*event) return std::nullopt;
    return notice_of((*event)->sequence, (*event)->name, to_value(**event));
  }

  void move_past(const Notice& notice) override {
    const auto done = database_.write_now([&](storage::Transaction& tx) -> Result<void> {
      event_told(tx, plugin_, notice.work.name, notice.sequence);
      return {};
    });
    // It will be told again, which is allowed.
    if (!done) log_warning("plugin_event_not_noted", {{"plugin", plugin_}, {"why", std::string(done.error().code)}});
  }

  /// What the log says that the plugin takes is what it wants.
  bool agree(bool may_leave) {
    const auto taken = database_.read_now([this](storage::Snapshot& snapshot) -> Result<std::set<std::string>> {
      return taken_names(snapshot, plugin_);
    });
    if (!taken) return false;
    std::vector<std::string> more, less;
    std::ranges::set_difference(wanted_, *taken, std::back_inserter(more));
    if (may_leave) std::ranges::set_difference(*taken, wanted_, std::back_inserter(less));
    if (more.empty() && less.empty()) return true;
    const auto done = database_.write_now([&](storage::Transaction& tx) -> Result<void> {
      for (const auto& name : more) take_name(tx, plugin_, name);
      for (const auto& name : less) leave_name(tx, plugin_, name);
      return {};
    });
    return done.has_value();
  }

  storage::Database& database_;
  const std::string plugin_;
  const std::set<std::string> wanted_;
  bool has_agreed_ = false;
};

}  // namespace

std::chrono::milliseconds backoff(int tries) {
  return std::min<std::chrono::milliseconds>(std::chrono::milliseconds(1'000) * (1LL << std::min(tries, 20)),
                                             kRetryMax);
}

bool Feed::is_due() const {
  return steady_clock::now() >= retry_at_ && (has_news_ || tries_ > 0);
}

std::optional<Feed::Notice> Feed::take() {
  has_news_ = false;
  bool may_be_more = false;
  auto notice = next(may_be_more);
  if (notice || may_be_more) has_news_ = true;
  return notice;
}

bool Feed::settle(const Notice& notice, bool is_told) {
  if (!is_told && ++tries_ < kTriesMax) {
    retry_at_ = steady_clock::now() + backoff(tries_ - 1);
    return true;
  }
  tries_ = 0;
  move_past(notice);
  return is_told;
}

std::unique_ptr<Feed> journal_feed(storage::Database& database, storage::PluginStore& store,
                                   std::vector<std::string> wanted) {
  return std::make_unique<JournalFeed>(database, store, std::move(wanted));
}

std::unique_ptr<Feed> event_feed(storage::Database& database, std::string plugin,
                                 const std::vector<std::string>& wanted) {
  std::set<std::string> names;
  std::ranges::copy_if(wanted, std::inserter(names, names.end()),
                       [](const std::string& name) { return name.find(':') != std::string::npos; });
  return std::make_unique<EventFeed>(database, std::move(plugin), std::move(names));
}

}  // namespace cluse::plugin
