#include "server/realtime/live_fan.h"

#include "server/realtime/wire.h"

namespace cluse::realtime {

void LiveFan::session_ended(Id session) {
  rooms_.session_ended(session);
  hub_.close_session(session, kCloseSessionEnded, "session_ended");
}

}  // namespace cluse::realtime
