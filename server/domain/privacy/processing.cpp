#include "server/domain/privacy/processing.h"

namespace cluse::domain {
namespace {

using std::string_view;

constexpr string_view kAccounts[] = {"person", "account"};
constexpr string_view kSignIn[] = {"session",       "known_place",   "sign_in_link", "identity",    "passkey",
                                   "second_factor", "recovery_code", "used_step",    "app_password"};
constexpr ClockId kSignInClocks[] = {ClockId::sessions, ClockId::places, ClockId::links};
constexpr string_view kContacts[] = {"contact_detail"};
constexpr string_view kMandates[] = {"mandate", "organisation", "access_grant", "access_group", "access_group_member"};
constexpr string_view kInvitations[] = {"invitation", "access_request"};
constexpr ClockId kInvitationClocks[] = {ClockId::invitations};
constexpr string_view kWork[] = {"workspace",   "workspace_member", "document", "collab_update",
                                 "image",       "recently_opened",  "twin",     "twin_set",
                                 "plugin_event"};
constexpr ClockId kWorkClocks[] = {ClockId::opened};
constexpr string_view kNotifications[] = {"notification", "notification_level", "notification_setting",
                                          "announced_mail"};
constexpr ClockId kNotificationClocks[] = {ClockId::notifications};
constexpr string_view kJournal[] = {"journal", "journal_lookup"};
constexpr ClockId kJournalClocks[] = {ClockId::devices};
constexpr string_view kReferences[] = {"rate_import", "term"};

constexpr Activity kActivities[] = {
    {"accounts", kAccounts, {}},
    {"sign_in", kSignIn, kSignInClocks},
    {"contacts", kContacts, {}},
    {"mandates", kMandates, {}},
    {"invitations", kInvitations, kInvitationClocks},
    {"work", kWork, kWorkClocks},
    {"notifications", kNotifications, kNotificationClocks},
    {"journal", kJournal, kJournalClocks},
    {"references", kReferences, {}},
};

}  // namespace

std::span<const Activity> processing_activities() {
  return kActivities;
}

}  // namespace cluse::domain
