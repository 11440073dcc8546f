// A proposed change, from whoever makes it.
#pragma once

#include "../app.h"

namespace annuaires::routes {

/// Keeps what `body` ({values, note?}) proposes for `entry`, or for a new one of the directory; its id. `via`:
/// "account" or "link". Throws Failure where a value is wrong, or nothing is proposed.
Id propose(Context& context, Tx& tx, const Directory& directory, const Entry* entry, const Value& body,
           std::string_view via);

}  // namespace annuaires::routes
