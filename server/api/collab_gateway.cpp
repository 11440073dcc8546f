#include "server/api/collab_gateway.h"

#include "server/api/collab_socket.h"
#include "server/async/deadline.h"
#include "server/realtime/wire.h"

#include <boost/json.hpp>

#include <algorithm>
#include <vector>

namespace cluse::api {
namespace {

constexpr std::string_view kCollab = "/collab/";
constexpr std::size_t kCheckedAtOnce = 500;  // so that nobody else waits long for the reader

std::string about_json(std::string_view title, std::string_view language, std::string_view role, bool trashed) {
  return boost::json::serialize(
      boost::json::object{{"title", title}, {"language", language}, {"role", role}, {"trashed", trashed}});
}

}  // namespace

void DocumentHooks::on_saved(storage::Transaction& transaction, const std::string& room, Id person, Id session) {
  const auto document = Id::parse(room);
  if (!document) return;
  const Instant now = clock_.now();
  // Read at each commit: she may change her hat without leaving the room.
  const auto hat = domain::hat_of_session(transaction, session, domain::organisations::today(now));
  domain::mark_edited(transaction, *document, person, hat, now);
}

std::string DocumentHooks::about(storage::Snapshot& snapshot, const std::string& room, const std::string& role) {
  const auto row = snapshot.one("SELECT title, language, trashed_at FROM document WHERE id = ?", {room});
  if (!row) return {};
  return about_json(row->text(0), row->text(1), role, !row->is_null(2));
}

Task<std::variant<net::Response, net::Upgrade>> CollabGateway::open(net::Request request,
                                                                    std::optional<domain::Actor> actor,
                                                                    std::string token) {
  if (!actor) co_return refuse_room(request, realtime::kCloseSessionEnded, "not_signed_in");
  const auto document = Id::parse(std::string_view(request.path).substr(std::min(kCollab.size(), request.path.size())));
  if (!document) co_return refuse_room(request, realtime::kCloseNotFound, "document_not_found");
  const auto access = co_await services_.documents.access(*actor, *document);
  if (!access) {
    const bool again = access.error().kind == Errc::unavailable || access.error().kind == Errc::internal;
    const std::uint16_t code = again ? realtime::kCloseTryAgain : realtime::kCloseNotFound;
    co_return refuse_room(request, code, std::string(access.error().code));
  }
  if (access->trashed) co_return refuse_room(request, realtime::kCloseTrashed, "document_trashed");

  realtime::Participant participant;
  participant.person = actor->person_id;
  participant.session = actor->session_id;
  participant.workspace = access->workspace_id;
  participant.role = std::string(domain::to_text(access->role));
  participant.may_write = access->role >= domain::Role::editor;
  participant.wants_acknowledgements = offers_acknowledgements(request);
  const std::string role = participant.role;
  std::string about = about_json(access->title, access->language, role, false);
  net::Upgrade upgrade = open_room(rooms_, document->to_string(), std::move(participant), std::move(about));
  // Rights may have changed between the check above and the entry into the room, from where on changes are heard of.
  upgrade.attach = [this, inner = std::move(upgrade.attach), who = *actor, token = std::move(token), id = *document,
                    role](net::WebSocket& socket) mutable -> std::unique_ptr<net::WebSocketHandler> {
    auto handler = inner(socket);
    socket.shard().spawn("collab_check_again", check_again(who, token, id, socket.weak(), role));
    return handler;
  };
  co_return upgrade;
}

Task<void> CollabGateway::check_again(domain::Actor actor, std::string token, Id document,
                                      std::weak_ptr<net::WebSocket> socket, std::string role) {
  const auto session = co_await services_.sessions.authenticate(token);
  const auto access = co_await services_.documents.access(actor, document);
  const auto open = socket.lock();
  if (!open) co_return;
  if (!session) {
    open->close(realtime::kCloseSessionEnded, "session_ended");
  } else if (!access || domain::to_text(access->role) != role) {
    open->close(realtime::kCloseAccessChanged, "access_changed");
  } else if (access->trashed) {
    open->close(realtime::kCloseTrashed, "document_trashed");
  }
}

void CollabGateway::start(Shard& shard) {
  shard.spawn("collab_rights", keep_checking());
}

Task<void> CollabGateway::keep_checking() {
  std::uint64_t seen = services_.watched.version();
  auto checked = std::chrono::steady_clock::now();
  for (;;) {
    co_await sleep_for(kLookEvery);
    const std::uint64_t version = services_.watched.version();
    const auto now = std::chrono::steady_clock::now();
    if (version == seen && now - checked < kCheckAllEvery) continue;
    seen = version;
    checked = now;
    co_await check_everyone();
  }
}

Task<void> CollabGateway::check_everyone() {
  using Present = realtime::Rooms::Present;
  const std::vector<Present> all = rooms_.present();
  for (std::size_t from = 0; from < all.size(); from += kCheckedAtOnce) {
    const std::vector<Present> some(
        all.begin() + static_cast<std::ptrdiff_t>(from),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(from + kCheckedAtOnce, all.size())));
    auto body = [some](storage::Snapshot& snapshot) -> Result<std::vector<Present>> {
      std::vector<Present> changed;
      for (const Present& present : some) {
        const auto document = Id::parse(present.room);
        domain::Actor actor;
        actor.person_id = present.person;
        const auto access = document ? domain::access_document(snapshot, actor, *document)
                                     : Result<domain::DocumentAccess>(fail(Errc::not_found, "document_not_found"));
        const bool lost = !access && access.error().kind == Errc::not_found;
        if (lost || (access && domain::to_text(access->role) != present.role)) changed.push_back(present);
      }
      return changed;
    };
    const auto changed = co_await services_.environment.database.read(std::move(body));
    // A store that does not answer takes nobody's rights away; the next round asks again.
    if (!changed) co_return;
    for (const Present& present : *changed) rooms_.rights_changed(present);
  }
}

}  // namespace cluse::api
