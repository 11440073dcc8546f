// "Still correct?": mails to those whom entries are about.
#pragma once

#include "../app.h"

namespace annuaires::routes {

inline constexpr int kRemindAtOnce = 50;     ///< mails of one run of the job
inline constexpr int kLinkDays = 60;         ///< a link of a mail works so long
inline constexpr int kRemindAgainDays = 30;  ///< who did not answer is asked again

/// Sends to those that are due and have an address, at most kRemindAtOnce; how many were sent.
int remind(Context& context);
/// A mail that was not delivered: the address is marked until it changes.
void mark_bounced(Context& context, const Value& notice);

}  // namespace annuaires::routes
