// Rooms against a real SQLite file, with outlets that record. What must hold: seen means saved, members converge, the
// departed vanish, revocation closes, and a room that was forgotten comes back whole.
#include "server/realtime/rooms.h"

#include "server/base/log.h"
#include "server/domain/content/content.h"
#include "server/domain/schema.h"
#include "server/realtime/wire.h"
#include "server/storage/test_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>

namespace cluse::realtime {
namespace {

/// Records what it is given; tests wait for a condition on it, never for time to pass.
class Recorder final : public Outlet {
 public:
  void send(SharedBytes frame) override {
    const std::lock_guard lock(mutex_);
    frames_.push_back(*frame);
    changed_.notify_all();
  }
  void close(std::uint16_t code, std::string) override {
    const std::lock_guard lock(mutex_);
    code_ = code;
    changed_.notify_all();
  }
  /// False after ten seconds without it.
  bool until(const std::function<bool(const std::vector<Bytes>& frames, std::uint16_t code)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return condition(frames_, code_); });
  }
  bool closed_with(std::uint16_t code) {
    return until([&](const auto&, std::uint16_t seen) { return seen == code; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Bytes> frames_;
  std::uint16_t code_ = 0;
};

class SavedHooks final : public RoomHooks {
 public:
  void on_saved(storage::Transaction&, const std::string&, Id person, Id) override { last_person = person; }
  std::string about(storage::Snapshot&, const std::string& room, const std::string& role) override {
    return room + '/' + role;
  }
  Id last_person;  // Thread: the writer; read after stop().
};

struct Guest {
  std::shared_ptr<Recorder> outlet;
  std::unique_ptr<Membership> membership;
  Shard* shard = nullptr;
};

class RoomsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::error);
    std::filesystem::create_directories(directory_);
    database_.reopen(metrics_);
    ASSERT_TRUE(storage::migrate(*database_, domain::migrations()));
    shards_.run();
    open_rooms({});
  }
  void TearDown() override {
    rooms_->stop();
    rooms_.reset();
    database_->stop();
    shards_.stop();
    std::filesystem::remove_all(directory_);
  }
  void open_rooms(Limits limits) {
    if (rooms_) rooms_->stop();
    rooms_ = std::make_unique<Rooms>(shards_, *database_, clock_, hooks_, limits, metrics_);
  }

  Guest join(const std::string& room, Participant participant, std::size_t shard) {
    Guest guest;
    guest.outlet = std::make_shared<Recorder>();
    guest.shard = &shards_.at(shard);
    on_shard(guest, [&] { guest.membership = rooms_->join(room, std::move(participant), *guest.shard, guest.outlet); });
    return guest;
  }
  static Participant writer() {
    Participant participant;
    participant.person = new_id({1});
    participant.session = new_id({1});
    participant.workspace = new_id({1});
    participant.role = "editor";
    participant.may_write = participant.wants_acknowledgements = true;
    return participant;
  }
  static void on_shard(const Guest& guest, const std::function<void()>& work) {
    std::promise<void> done;
    guest.shard->post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  static void say(Guest& guest, Bytes message) {
    on_shard(guest, [&] { guest.membership->receive(std::move(message)); });
  }
  static void leave(Guest& guest) {
    on_shard(guest, [&] { guest.membership.reset(); });
  }
  /// The text that somebody who enters now is given.
  std::string text_of(const std::string& room) {
    Guest reader = join(room, writer(), 0);
    say(reader, sync_frame(kStep1, Bytes(1, '\0')));
    std::string text = "nothing came";
    reader.outlet->until([&](const auto& frames, auto) {
      for (const Bytes& frame : frames) {
        if (!frame.starts_with(Bytes("\0\1", 2))) continue;
        crdt::Document document;
        Reader body(BytesView(frame).substr(2));
        if (document.apply(*body.bytes())) text = document.text("t");
        return true;
      }
      return false;
    });
    leave(reader);
    return text;
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("cluse-rooms-" + new_id({1}).to_string());
  Metrics metrics_;
  FakeClock clock_;
  SavedHooks hooks_;
  Shards shards_{2};
  storage::TestStore database_{directory_};
  std::unique_ptr<Rooms> rooms_;
};

bool has(const std::vector<Bytes>& frames, const Bytes& wanted) {
  return std::find(frames.begin(), frames.end(), wanted) != frames.end();
}

TEST_F(RoomsTest, AnEditReachesMembersOnEveryShardOnceAndIsAcknowledgedToItsAuthor) {
  Guest author = join("r", writer(), 0);
  Guest near = join("r", writer(), 0);
  Guest far = join("r", writer(), 1);
  crdt::Document document;
  const Bytes update = document.insert_text(1, "t", 0, "Delle").value();
  say(author, sync_frame(kUpdate, update));
  const Bytes frame = sync_frame(kUpdate, update);
  EXPECT_TRUE(near.outlet->until([&](const auto& frames, auto) { return has(frames, frame); }));
  EXPECT_TRUE(far.outlet->until([&](const auto& frames, auto) { return has(frames, frame); }));
  EXPECT_TRUE(author.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  // The acknowledgement follows the broadcast on the same path, so an echo would have come before it.
  EXPECT_TRUE(author.outlet->until([&](const auto& frames, auto) { return !has(frames, frame); }));
  EXPECT_EQ(text_of("r"), "Delle");
  leave(author), leave(near), leave(far);
}

TEST_F(RoomsTest, WhatWasReceivedBeforeTheFirstLoadIsNotLost) {
  Guest author = join("r", writer(), 1);
  crdt::Document document;
  // Sent at once, while the room is still reading its log.
  say(author, sync_frame(kUpdate, document.insert_text(1, "t", 0, "früh").value()));
  EXPECT_TRUE(author.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  leave(author);
  EXPECT_EQ(text_of("r"), "früh");
}

TEST_F(RoomsTest, AnEmptyUpdateIsAcknowledgedAndWritesNothing) {
  Guest author = join("r", writer(), 0);
  say(author, sync_frame(kStep2, kEmptyUpdate));
  EXPECT_TRUE(author.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  leave(author);
  const auto rows = database_->read_now([](storage::Snapshot& s) -> Result<std::int64_t> {
    return s.one("SELECT COUNT(*) FROM collab_update")->integer(0);
  });
  EXPECT_EQ(rows.value_or(-1), 0);
}

TEST_F(RoomsTest, AReaderWhoWritesIsClosedWith4403AndNothingChanges) {
  Participant reader = writer();
  reader.may_write = false;
  Guest guest = join("r", reader, 0);
  crdt::Document document;
  say(guest, sync_frame(kUpdate, document.insert_text(1, "t", 0, "nein").value()));
  EXPECT_TRUE(guest.outlet->closed_with(kCloseDenied));
  leave(guest);
  EXPECT_EQ(text_of("r"), "");
}

TEST_F(RoomsTest, MalformedMessagesCloseTheirSenderAlone) {
  Guest honest = join("r", writer(), 0);
  for (const Bytes& message :
       {Bytes(), Bytes("\x63"), Bytes("\0\2\5ab", 5), Bytes("\0\2\2\x05\x01", 5), Bytes("\1\1\7", 3)}) {
    Guest hostile = join("r", writer(), 1);
    say(hostile, message);
    EXPECT_TRUE(hostile.outlet->closed_with(kCloseMalformed));
    leave(hostile);
  }
  crdt::Document document;
  say(honest, sync_frame(kUpdate, document.insert_text(1, "t", 0, "ok").value()));
  EXPECT_TRUE(honest.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  leave(honest);
}

TEST_F(RoomsTest, RevocationClosesTheConnectionsOfThatSessionAndNoOthers) {
  const Participant mine = writer();
  Guest gone = join("r", mine, 0);
  Guest stays = join("r", writer(), 1);
  rooms_->session_ended(mine.session);
  EXPECT_TRUE(gone.outlet->closed_with(kCloseSessionEnded));
  crdt::Document document;
  say(stays, sync_frame(kUpdate, document.insert_text(1, "t", 0, "hier").value()));
  EXPECT_TRUE(stays.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  leave(gone), leave(stays);
}

TEST_F(RoomsTest, ADocumentKnowsWhoHasItOpen) {
  const Id document = new_id({1});
  const Participant twice = writer();
  const Participant once = writer();
  Guest a = join(document.to_string(), twice, 0);
  Guest b = join(document.to_string(), twice, 1);
  Guest c = join(document.to_string(), once, 1);
  EXPECT_EQ(rooms_->people_in(document).size(), 2U);
  leave(a);
  EXPECT_EQ(rooms_->people_in(document).size(), 2U);
  leave(b);
  EXPECT_EQ(rooms_->people_in(document), std::vector<Id>{once.person});
  leave(c);
  EXPECT_TRUE(rooms_->people_in(document).empty());
}

TEST_F(RoomsTest, TrashAndNewTitlesReachThoseWhoHaveTheDocumentOpen) {
  const Id document = new_id({1});
  Guest guest = join(document.to_string(), writer(), 0);
  say(guest, sync_frame(kStep1, Bytes(1, '\0')));
  rooms_->document_about_changed(document);
  const Bytes about = about_frame(document.to_string() + "/editor");
  EXPECT_TRUE(guest.outlet->until([&](const auto& frames, auto) { return has(frames, about); }));
  rooms_->document_trashed(document);
  EXPECT_TRUE(guest.outlet->closed_with(kCloseTrashed));
  leave(guest);
}

TEST_F(RoomsTest, AQuietRoomIsKeptAliveAndAnEmptyOneIsForgottenAndComesBack) {
  Guest guest = join("r", writer(), 0);
  crdt::Document document;
  for (int i = 0; i < 30; ++i) {
    say(guest, sync_frame(kUpdate, document.insert_text(1, "t", static_cast<std::size_t>(i), "x").value()));
  }
  EXPECT_TRUE(guest.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(30)); }));
  clock_.advance(std::chrono::seconds(25));
  rooms_->sweep();
  EXPECT_TRUE(
      guest.outlet->until([&](const auto& frames, auto) { return has(frames, awareness_frame(Bytes(1, '\0'))); }));
  leave(guest);
  clock_.advance(std::chrono::minutes(1));
  rooms_->sweep();
  EXPECT_EQ(text_of("r"), std::string(30, 'x'));
}

TEST_F(RoomsTest, ALongLogIsFoldedWhileEditingGoesOn) {
  Limits limits;
  limits.rows_before_compaction = 10;
  open_rooms(limits);
  Guest guest = join("r", writer(), 0);
  crdt::Document document;
  for (std::uint64_t i = 0; i < 100; ++i) {
    say(guest, sync_frame(kUpdate, document.insert_text(1, "t", i, "y").value()));
    ASSERT_TRUE(guest.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(i + 1)); }));
  }
  leave(guest);
  const auto rows = database_->read_now([](storage::Snapshot& s) -> Result<std::int64_t> {
    return s.one("SELECT COUNT(*) FROM collab_update")->integer(0);
  });
  EXPECT_LE(rows.value_or(-1), 12);
  open_rooms({});
  EXPECT_EQ(text_of("r"), std::string(100, 'y'));
}

TEST_F(RoomsTest, AnUpdateThatCostsTooMuchIsTakenBackBeforeAnybodySeesIt) {
  Limits limits;
  limits.conflict_steps_max = 50;
  open_rooms(limits);
  // Many insertions at one place, none knowing of the other; those of the second batch pass all of the first.
  const auto quarrel = [](std::uint32_t first) {
    std::vector<Bytes> updates;
    for (std::uint32_t client = first; client < first + 40; ++client) {
      crdt::Document alone;
      updates.push_back(alone.insert_text(client, "t", 0, "x").value());
    }
    return crdt::merge_updates({updates.begin(), updates.end()}).value();
  };
  Guest honest = join("r", writer(), 1);
  Guest hostile = join("r", writer(), 0);
  say(hostile, sync_frame(kUpdate, quarrel(100)));
  EXPECT_TRUE(hostile.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  say(hostile, sync_frame(kUpdate, quarrel(1000)));
  EXPECT_TRUE(hostile.outlet->closed_with(kCloseMalformed));
  leave(hostile);
  crdt::Document document;
  const Bytes update = document.insert_text(1, "t", 0, "ruhig").value();
  say(honest, sync_frame(kUpdate, update));
  EXPECT_TRUE(honest.outlet->until([&](const auto& frames, auto) { return has(frames, durable_frame(1)); }));
  leave(honest);
  open_rooms({});
  const std::string text = text_of("r");
  EXPECT_NE(text.find("ruhig"), std::string::npos) << text;
  EXPECT_EQ(text.size(), std::string("ruhig").size() + 40) << "only what was shown is there";
}

TEST_F(RoomsTest, AFullRoomSendsTheNextAway) {
  Limits limits;
  limits.members_max = 2;
  open_rooms(limits);
  Guest a = join("r", writer(), 0);
  Guest b = join("r", writer(), 1);
  Guest c = join("r", writer(), 0);
  EXPECT_TRUE(c.outlet->closed_with(kCloseTryAgain));
  leave(a), leave(b), leave(c);
}

TEST_F(RoomsTest, TheServerEditsADocumentWhetherSomebodyIsInItOrNot) {
  const Id document = new_id({1}), person = new_id({1});
  const auto add = [&](const std::string& words) {
    std::promise<Result<void>> told;
    auto make = [words](const crdt::Document& now) -> Result<Bytes> {
      const auto blocks = now.xml_blocks("default");
      const std::string last = blocks.empty() ? "" : blocks.back().id;
      return now.edit_xml(7, "default",
                          {{crdt::XmlEdit::Kind::insert, last, {{"paragraph", {}, "", {{"", {}, words, {}}}}}}});
    };
    rooms_->edit(document, {person, make, [&](const Result<void>& result) { told.set_value(result); }});
    return told.get_future().get();
  };
  EXPECT_TRUE(add("un"));
  Guest reader = join(document.to_string(), writer(), 1);
  EXPECT_TRUE(add("deux"));
  const auto is_update = [](const Bytes& frame) { return frame.starts_with(Bytes("\0\2", 2)); };
  EXPECT_TRUE(reader.outlet->until([&](const auto& frames, auto) { return std::ranges::any_of(frames, is_update); }));
  leave(reader);
  rooms_->stop();
  EXPECT_EQ(hooks_.last_person, person);
  const auto log = database_->read_now([&](storage::Snapshot& snapshot) -> Result<domain::content::Log> {
    return domain::content::read_log(snapshot, document.to_string());
  });
  const auto stored = domain::content::replay(*log);
  std::vector<std::string> words;
  for (const auto& block : stored->xml_blocks("default")) words.push_back(block.node.children.front().text);
  EXPECT_EQ(words, (std::vector<std::string>{"un", "deux"}));
}

TEST_F(RoomsTest, AnEditOfTheServerThatCannotBeMadeSaysWhyAndChangesNothing) {
  const Id document = new_id({1});
  std::promise<Result<void>> told;
  auto make = [](const crdt::Document& now) {
    return now.edit_xml(7, "default", {{crdt::XmlEdit::Kind::remove, "1.0", {}}});
  };
  rooms_->edit(document, {new_id({1}), make, [&](const Result<void>& result) { told.set_value(result); }});
  const auto result = told.get_future().get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "block_not_found");
}

}  // namespace
}  // namespace cluse::realtime
