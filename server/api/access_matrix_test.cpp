// Aim: deny by default. Every route of the tables is called by everyone there is, and every answer is compared with the
// table below; a route without a row fails the test (reliability B16).
// Method: the world is made once; before each call a fresh document, invitation and session are made for it.

#include "server/api/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace cluse::api {
namespace {

enum Who { anonymous, outsider, reader, commenter, editor, manager, administrator, everyone };

constexpr std::array<const char*, everyone> kNames = {"anonymous", "stranger", "reader",       "commenter",
                                                      "editor",    "manager",  "administrator"};

struct Row {
  const char* method;
  const char* pattern;  ///< of the route
  const char*
      target;  ///< with {workspace}, {document}, {trashed}, {invitation}, {link}, {member}, {image}, {nobody}, {n}
  const char* body;
  std::array<int, everyone> expected;
  const char* type = "application/json";
};

constexpr std::array<int, everyone> kAll = {200, 200, 200, 200, 200, 200, 200};
constexpr std::array<int, everyone> kSignedIn = {401, 200, 200, 200, 200, 200, 200};
constexpr std::array<int, everyone> kMembers = {401, 404, 200, 200, 200, 200, 200};
constexpr std::array<int, everyone> kEditors = {401, 404, 403, 403, 200, 200, 200};
constexpr std::array<int, everyone> kEditorsMake = {401, 404, 403, 403, 201, 201, 201};
constexpr std::array<int, everyone> kManagers = {401, 404, 403, 403, 403, 200, 200};
constexpr std::array<int, everyone> kAdministrator = {401, 403, 403, 403, 403, 403, 200};
constexpr std::array<int, everyone> kNobodyHasIt = {401, 404, 404, 404, 404, 404, 404};
constexpr std::array<int, everyone> kNoRateYet = kNobodyHasIt;
constexpr std::array<int, everyone> kAdministratorFindsNone = {401, 403, 403, 403, 403, 403, 404};
constexpr std::array<int, everyone> kNone = {404, 404, 404, 404, 404, 404, 404};
constexpr std::array<int, everyone> kStepIsOver = {410, 410, 410, 410, 410, 410, 410};
constexpr std::array<int, everyone> kConflict = {409, 409, 409, 409,
                                                 409, 409, 409};  ///< no public address: no passkeys
constexpr std::array<int, everyone> kAdministratorMakes = {401, 403, 403, 403, 403, 403, 201};

// Others, who must be answered as somebody of the table is: rights that come by another way are the same rights, and
// those that have ended are none.
struct Other {
  const char* name;
  Who like;
};
constexpr Other kOthers[] = {{"by_mandate", editor},    {"by_organisation", reader}, {"by_group", commenter},
                             {"by_territory", manager}, {"expired", outsider},       {"mandate_over", outsider},
                             {"suspended", anonymous},  {"secretary", manager},      {"auditor", outsider}};

// What a secretary does as an administrator would.
constexpr std::string_view kSecretaryRoutes[] = {"/api/v1/invitations",
                                                 "/api/v1/organisations",
                                                 "/api/v1/people/{id}/mandates",
                                                 "/api/v1/mandates/{id}",
                                                 "/api/v1/workspaces",
                                                 "/api/v1/grants",
                                                 "/api/v1/rights/explain",
                                                 "/api/v1/groups",
                                                 "/api/v1/directory",
                                                 "/api/v1/people/{id}/suspension",
                                                 "/api/v1/people/{id}/organisation",
                                                 "/api/v1/people/{id}/responsibilities",
                                                 "/api/v1/people/{id}/hand-over",
                                                 "/api/v1/terms",
                                                 "/api/v1/access-requests"};

bool is_one_of(std::string_view pattern, std::span<const std::string_view> starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return pattern.starts_with(start); });
}

constexpr const char* kGif = "GIF89a\x04\x01\xf0\x03";

const Row kRows[] = {
    {"GET", "/api/v1/bootstrap", "/api/v1/bootstrap", "", kAll},
    {"POST",
     "/api/v1/setup",
     "/api/v1/setup",
     R"({"token":"setup-token-of-the-tests"})",
     {410, 410, 410, 410, 410, 410, 410}},
    {"POST", "/api/v1/session", "/api/v1/session",
     R"({"email":"spare@example.org","password":"correct horse battery"})", kAll},
    {"DELETE", "/api/v1/session", "/api/v1/session", "", {204, 204, 204, 204, 204, 204, 204}},
    {"GET", "/api/v1/sessions", "/api/v1/sessions", "", kSignedIn},
    {"DELETE", "/api/v1/sessions/{id}", "/api/v1/sessions/{nobody}", "", {401, 204, 204, 204, 204, 204, 204}},
    {"PATCH", "/api/v1/me", "/api/v1/me", R"({"theme":"dark"})", kSignedIn},
    {"POST",
     "/api/v1/me/password",
     "/api/v1/me/password",
     R"({"current":"correct horse battery","password":"correct horse battery"})",
     {401, 204, 204, 204, 204, 204, 204}},
    {"POST",
     "/api/v1/invitations",
     "/api/v1/invitations",
     R"({"workspace_id":"{workspace}","role":"editor"})",
     {401, 404, 403, 403, 403, 201, 201}},
    {"POST", "/api/v1/invitations", "/api/v1/invitations", "{}", kAdministratorMakes},
    {"POST", "/api/v1/invitations/batch", "/api/v1/invitations/batch?preview=true", "email\na@example.org\n",
     kAdministrator, "text/csv"},
    {"POST", "/api/v1/invitations/organisations", "/api/v1/invitations/organisations?preview=true",
     R"({"organisations":["{organisation}"]})", kAdministrator},
    {"GET", "/api/v1/invitations/{token}", "/api/v1/invitations/{invitation}", "", kAll},
    {"POST", "/api/v1/invitations/{token}/accept", "/api/v1/invitations/{invitation}/accept",
     R"({"name":"Nina","email":"nina{n}@example.org","password":"correct horse battery",)"
     R"("organisation":{"name":"Ville","country":"CH","kind":""}})",
     kAll},
    {"GET", "/api/v1/organisations", "/api/v1/organisations?q=r", "", kSignedIn},
    {"GET", "/api/v1/organisations", "/api/v1/organisations?q=r&invitation={invitation}", "", kAll},
    {"POST", "/api/v1/organisations", "/api/v1/organisations", R"({"name":"Ville {n}","country":"F"})",
     kAdministratorMakes},
    {"POST", "/api/v1/organisations", "/api/v1/organisations",
     R"({"name":"Parc {n}","country":"F","parent_id":"{organisation}"})", kAdministratorMakes},
    {"GET", "/api/v1/organisations/{id}", "/api/v1/organisations/{organisation}", "", kSignedIn},
    {"PUT", "/api/v1/organisations/{id}", "/api/v1/organisations/{organisation}",
     R"({"name":"Région {n}","country":"F"})", kAdministrator},
    {"POST", "/api/v1/organisations/{id}/memberships", "/api/v1/organisations/{organisation}/memberships",
     R"({"body_id":"{body}"})", kAdministratorMakes},
    {"PUT", "/api/v1/organisations/{id}/memberships/{membership_id}",
     "/api/v1/organisations/{body}/memberships/{membership}", R"({"first_day":"2020-01-01"})", kAdministrator},
    {"GET", "/api/v1/people", "/api/v1/people?q=a", "", kSignedIn},
    {"POST",
     "/api/v1/recovery",
     "/api/v1/recovery",
     R"({"email":"spare@example.org","purpose":"password"})",
     {409, 409, 409, 409, 409, 409, 409}},
    {"POST", "/api/v1/recovery/link", "/api/v1/recovery/link", R"({"token":"{link}"})", kAll},
    {"POST", "/api/v1/recovery/session", "/api/v1/recovery/session",
     R"({"token":"{link}","password":"correct horse battery"})", kAll},
    {"POST", "/api/v1/people/{id}/recovery", "/api/v1/people/{member}/recovery", "{}", kAdministratorMakes},
    {"GET", "/api/v1/people/{id}", "/api/v1/people/{member}", "", kSignedIn},
    {"GET", "/api/v1/people/{id}/mandates", "/api/v1/people/{member}/mandates", "", kSignedIn},
    {"POST", "/api/v1/people/{id}/mandates", "/api/v1/people/{member}/mandates",
     R"({"organisation_id":"{organisation}","function":"Fonction {n}"})", kAdministratorMakes},
    {"PUT", "/api/v1/people/{id}/administrator", "/api/v1/people/{member}/administrator", R"({"is_admin":false})",
     kAdministrator},
    {"PUT", "/api/v1/mandates/{id}", "/api/v1/mandates/{mandate}",
     R"({"function":"Changée {n}","first_day":"2020-01-01"})", kAdministrator},
    // The mandate is another person's: nobody learns that it is there.
    {"PUT",
     "/api/v1/session/hat",
     "/api/v1/session/hat",
     R"({"mandate_id":"{mandate}"})",
     {401, 404, 404, 404, 404, 404, 404}},
    {"GET", "/api/v1/territorial-units", "/api/v1/territorial-units?q=a", "", kSignedIn},
    {"GET", "/api/v1/registry-numbers/{kind}", "/api/v1/registry-numbers/siren?number=200065647", "", kSignedIn},
    {"GET", "/api/v1/territories", "/api/v1/territories", "", kSignedIn},
    {"POST", "/api/v1/territories", "/api/v1/territories", R"({"name":"Parc {n}","short":"P"})", kAdministratorMakes},
    {"GET", "/api/v1/workspaces", "/api/v1/workspaces", "", kSignedIn},
    {"POST", "/api/v1/workspaces", "/api/v1/workspaces", R"({"name":"Atelier","territory_id":"{territory}"})",
     kAdministratorMakes},
    {"GET", "/api/v1/workspaces/{id}", "/api/v1/workspaces/{workspace}", "", kMembers},
    {"PATCH", "/api/v1/workspaces/{id}", "/api/v1/workspaces/{workspace}", R"({"description":"Nouveau"})", kManagers},
    {"GET", "/api/v1/workspaces/{id}/members", "/api/v1/workspaces/{workspace}/members", "", kMembers},
    {"PUT", "/api/v1/workspaces/{id}/members/{person_id}", "/api/v1/workspaces/{workspace}/members/{member}",
     R"({"role":"commenter"})", kManagers},
    {"DELETE",
     "/api/v1/workspaces/{id}/members/{person_id}",
     "/api/v1/workspaces/{workspace}/members/{member}",
     "",
     {401, 404, 403, 403, 403, 204, 204}},
    {"GET", "/api/v1/workspaces/{id}/documents", "/api/v1/workspaces/{workspace}/documents", "", kMembers},
    {"GET", "/api/v1/workspaces/{id}/trash", "/api/v1/workspaces/{workspace}/trash", "", kMembers},
    {"POST", "/api/v1/workspaces/{id}/documents", "/api/v1/workspaces/{workspace}/documents", R"({"title":"Note"})",
     kEditorsMake},
    {"POST", "/api/v1/workspaces/{id}/import", "/api/v1/workspaces/{workspace}/import?filename=note.md", "# Note",
     kEditorsMake, "text/markdown"},
    {"GET", "/api/v1/documents/{id}", "/api/v1/documents/{document}", "", kMembers},
    {"PATCH", "/api/v1/documents/{id}", "/api/v1/documents/{document}", R"({"title":"Autre"})", kEditors},
    {"POST", "/api/v1/documents/{id}/move", "/api/v1/documents/{document}/move",
     R"({"parent_id":null,"after_id":null})", kEditors},
    {"DELETE", "/api/v1/documents/{id}", "/api/v1/documents/{document}", "", {401, 404, 403, 403, 204, 204, 204}},
    {"DELETE",
     "/api/v1/documents/{id}",
     "/api/v1/documents/{trashed}?permanent=true",
     "",
     {401, 404, 403, 403, 403, 204, 204}},
    {"POST", "/api/v1/documents/{id}/restore", "/api/v1/documents/{trashed}/restore", "{}", kEditors},
    {"GET", "/api/v1/documents/{id}/text", "/api/v1/documents/{document}/text", "", kMembers},
    {"GET", "/api/v1/documents/{id}/export", "/api/v1/documents/{document}/export?format=html", "", kMembers},
    {"POST", "/api/v1/documents/{id}/images", "/api/v1/documents/{document}/images", kGif, kEditorsMake, "image/gif"},
    {"GET", "/api/v1/documents/{id}/images/{blob}", "/api/v1/documents/{document}/images/{image}", "", kMembers},
    {"GET", "/api/v1/home", "/api/v1/home", "", kSignedIn},
    {"GET", "/api/v1/find", "/api/v1/find?q=note", "", kSignedIn},
    {"GET", "/api/v1/search", "/api/v1/search?q=note", "", kSignedIn},
    {"GET", "/api/v1/journal", "/api/v1/journal?limit=1", "", kAdministrator},
    {"GET", "/api/v1/journal/state", "/api/v1/journal/state", "", kAdministrator},
    {"GET", "/api/v1/journal/export", "/api/v1/journal/export", "", kAdministrator},
    {"GET", "/api/v1/me/export", "/api/v1/me/export", "", kSignedIn},
    {"GET", "/api/v1/me/contact", "/api/v1/me/contact", "", kSignedIn},
    {"PUT", "/api/v1/me/contact/{kind}", "/api/v1/me/contact/phone", R"({"value":"032 000 00 00","audience":"nobody"})",
     kSignedIn},
    {"GET", "/api/v1/people/{id}/contact", "/api/v1/people/{member}/contact", "", kSignedIn},
    {"GET", "/api/v1/privacy/register", "/api/v1/privacy/register", "", kSignedIn},
    {"GET", "/api/v1/privacy/retention", "/api/v1/privacy/retention", "", kAdministrator},
    {"POST", "/api/v1/people/{id}/erase", "/api/v1/people/{doomed}/erase", "", {401, 403, 403, 403, 403, 403, 204}},
    {"GET", "/api/v1/rules", "/api/v1/rules", "", kSignedIn},
    {"GET", "/api/v1/rules/{id}", "/api/v1/rules/fppt?on=2017-06-01", "", kSignedIn},
    {"POST", "/api/v1/rules/{id}/evaluate", "/api/v1/rules/fppt/evaluate", R"({"version":"2017","facts":{}})",
     kSignedIn},
    {"POST", "/api/v1/delays/evaluate", "/api/v1/delays/evaluate",
     R"({"pack":"fr-epci","what":"convocation","session_on":"2026-10-06"})", kSignedIn},
    {"GET", "/api/v1/rates", "/api/v1/rates?source=ecb", "", kSignedIn},
    {"POST", "/api/v1/rates", "/api/v1/rates?preview=true&filename=a.csv", "Date,CHF\n2019-04-18,1.1383\n",
     kAdministrator, "text/csv"},
    {"GET", "/api/v1/rates/convert", "/api/v1/rates/convert?amount=10,00&currency=EUR&to=EUR&on=2019-04-18", "",
     kNoRateYet},
    {"GET", "/api/v1/territories/units", "/api/v1/territories/units?q=mont", "", kSignedIn},
    {"GET", "/api/v1/territories/units/{id}", "/api/v1/territories/units/{nobody}", "", kNobodyHasIt},
    {"GET", "/api/v1/contributions", "/api/v1/contributions?unit={nobody}&vintage=2017&amount=100,00", "",
     kNobodyHasIt},
    {"GET", "/api/v1/me/sign-in", "/api/v1/me/sign-in", "", kSignedIn},
    {"PATCH", "/api/v1/me/identities/{id}", "/api/v1/me/identities/{nobody}", R"({"label":"Mairie"})", kNobodyHasIt},
    {"DELETE", "/api/v1/me/identities/{id}", "/api/v1/me/identities/{nobody}", "", kNobodyHasIt},
    {"GET", "/api/v1/people/{id}/sign-in", "/api/v1/people/{member}/sign-in", "", kAdministrator},
    {"DELETE", "/api/v1/people/{id}/identities/{identity}", "/api/v1/people/{member}/identities/{nobody}", "",
     kAdministratorFindsNone},
    {"GET", "/api/v1/identity/callback", "/api/v1/identity/callback?state=x", "", {303, 303, 303, 303, 303, 303, 303}},
    {"GET", "/api/v1/identity/newcomer", "/api/v1/identity/newcomer", "", kAll},
    {"POST", "/api/v1/identity/providers/{id}", "/api/v1/identity/providers/none", "{}", kNone},
    {"POST", "/api/v1/identity/providers/{id}/logout", "/api/v1/identity/providers/none/logout", "logout_token=x",
     kNone, "application/x-www-form-urlencoded"},
    {"GET", "/api/v1/access-requests/form", "/api/v1/access-requests/form", "", kAll},
    {"POST",
     "/api/v1/access-requests",
     "/api/v1/access-requests",
     R"({"name":"Nina","email":"asks{n}@example.org","organisation":"Ville"})",
     {202, 202, 202, 202, 202, 202, 202}},
    {"POST", "/api/v1/access-requests/confirm", "/api/v1/access-requests/confirm", R"({"token":"x"})", kNone},
    {"GET", "/api/v1/access-requests", "/api/v1/access-requests", "", kAdministrator},
    {"POST", "/api/v1/access-requests/{id}", "/api/v1/access-requests/{nobody}", "{}", kAdministratorFindsNone},
    {"DELETE", "/api/v1/access-requests/{id}", "/api/v1/access-requests/{nobody}", "", kAdministratorFindsNone},
    {"POST", "/api/v1/session/second", "/api/v1/session/second", R"({"code":"123456"})", kStepIsOver},
    {"POST", "/api/v1/session/passkey", "/api/v1/session/passkey",
     R"({"id":"AAAA","client_data":"AAAA","authenticator_data":"AAAA","signature":"AAAA"})", kConflict},
    {"POST",
     "/api/v1/session/proof",
     "/api/v1/session/proof",
     R"({"password":"correct horse battery"})",
     {401, 204, 204, 204, 204, 204, 204}},
    {"POST", "/api/v1/passkeys/question", "/api/v1/passkeys/question", R"({"use":"sign_in"})", kConflict},
    {"POST", "/api/v1/me/second-factor", "/api/v1/me/second-factor", "", kSignedIn},
    {"PUT",
     "/api/v1/me/second-factor",
     "/api/v1/me/second-factor",
     R"({"code":"123456"})",
     {401, 410, 410, 410, 410, 410, 410}},
    {"DELETE", "/api/v1/me/second-factor", "/api/v1/me/second-factor", "", kNobodyHasIt},
    {"POST", "/api/v1/me/recovery-codes", "/api/v1/me/recovery-codes", "", kNobodyHasIt},
    {"POST",
     "/api/v1/me/passkeys",
     "/api/v1/me/passkeys",
     R"({"name":"Téléphone","client_data":"AAAA","authenticator_data":"AAAA"})",
     {401, 409, 409, 409, 409, 409, 409}},
    {"PATCH", "/api/v1/me/passkeys/{id}", "/api/v1/me/passkeys/{nobody}", R"({"name":"Clé"})", kNobodyHasIt},
    {"DELETE", "/api/v1/me/passkeys/{id}", "/api/v1/me/passkeys/{nobody}", "", kNobodyHasIt},
    {"DELETE", "/api/v1/people/{id}/second-factor", "/api/v1/people/{member}/second-factor", "",
     kAdministratorFindsNone},
    {"DELETE", "/api/v1/people/{id}/passkeys/{passkey}", "/api/v1/people/{member}/passkeys/{nobody}", "",
     kAdministratorFindsNone},
    {"GET", "/api/v1/roles", "/api/v1/roles", "", kSignedIn},
    {"POST", "/api/v1/roles", "/api/v1/roles",
     R"({"name_fr":"Essai {n}","name_de":"Versuch {n}","permissions":["content.read"]})", kAdministratorMakes},
    {"PUT", "/api/v1/roles/{id}", "/api/v1/roles/{role}",
     R"({"name_fr":"Rôle {n}","name_de":"Rolle {n}","permissions":["content.write"]})", kAdministrator},
    {"POST", "/api/v1/roles/{id}/preview", "/api/v1/roles/{role}/preview", R"({"permissions":["content.read"]})",
     kAdministrator},
    {"DELETE", "/api/v1/roles/{id}", "/api/v1/roles/{spare_role}", "", {401, 403, 403, 403, 403, 403, 204}},
    {"GET", "/api/v1/grants", "/api/v1/grants", "", kAdministrator},
    {"GET", "/api/v1/grants", "/api/v1/grants?scope=workspace:{workspace}", "", kManagers},
    {"POST",
     "/api/v1/grants",
     "/api/v1/grants",
     R"({"role":"reader","holder":{"kind":"person","id":"{member}"},"scope":{"kind":"document","id":"{document}"}})",
     {401, 404, 403, 403, 403, 201, 201}},
    {"POST", "/api/v1/grants", "/api/v1/grants",
     R"({"role":"reader","holder":{"kind":"person","id":"{member}"},"scope":{"kind":"instance"}})",
     kAdministratorMakes},
    {"PUT", "/api/v1/grants/{id}", "/api/v1/grants/{grant}", R"({"last_day":"2030-01-01"})", kManagers},
    {"DELETE", "/api/v1/grants/{id}", "/api/v1/grants/{grant}", "", {401, 404, 403, 403, 403, 204, 204}},
    {"GET", "/api/v1/rights/explain", "/api/v1/rights/explain?object=workspace:{workspace}", "", kMembers},
    {"GET", "/api/v1/rights/explain", "/api/v1/rights/explain?person={member}&object=workspace:{workspace}", "",
     kManagers},
    {"GET", "/api/v1/rights/explain", "/api/v1/rights/explain?person={member}&object=instance", "", kAdministrator},
    {"GET", "/api/v1/groups", "/api/v1/groups", "", kAdministrator},
    {"POST", "/api/v1/groups", "/api/v1/groups", R"({"name":"Comité {n}"})", kAdministratorMakes},
    {"GET", "/api/v1/groups/{id}", "/api/v1/groups/{group}", "", kAdministrator},
    {"PUT", "/api/v1/groups/{id}", "/api/v1/groups/{group}", R"({"name":"Jury {n}"})", kAdministrator},
    {"DELETE", "/api/v1/groups/{id}", "/api/v1/groups/{group}", "", {401, 403, 403, 403, 403, 403, 204}},
    {"POST", "/api/v1/groups/{id}/members", "/api/v1/groups/{group}/members", R"({"kind":"person","id":"{member}"})",
     kAdministrator},
    {"DELETE", "/api/v1/groups/{id}/members/{member_id}", "/api/v1/groups/{group}/members/{member}", "",
     kAdministrator},
    {"GET", "/api/v1/directory", "/api/v1/directory?limit=1", "", kAdministrator},
    {"GET", "/api/v1/directory/{id}", "/api/v1/directory/{member}", "", kAdministrator},
    {"PUT", "/api/v1/people/{id}/suspension", "/api/v1/people/{member}/suspension", R"({"reason":"Essai"})",
     kAdministrator},
    {"DELETE", "/api/v1/people/{id}/suspension", "/api/v1/people/{member}/suspension", "", kAdministrator},
    {"PUT", "/api/v1/people/{id}/organisation", "/api/v1/people/{member}/organisation",
     R"({"organisation_id":"{organisation}"})", kAdministrator},
    {"GET", "/api/v1/people/{id}/responsibilities", "/api/v1/people/{member}/responsibilities", "", kAdministrator},
    {"POST", "/api/v1/people/{id}/hand-over", "/api/v1/people/{member}/hand-over", R"({"to":"{spare}"})",
     kAdministrator},
    {"GET", "/api/v1/notifications", "/api/v1/notifications", "", kSignedIn},
    {"POST", "/api/v1/notifications/read", "/api/v1/notifications/read", R"({"all":true})", kSignedIn},
    {"DELETE", "/api/v1/notifications/{id}", "/api/v1/notifications/{nobody}", "", kNobodyHasIt},
    {"POST", "/api/v1/notifications/{id}/restore", "/api/v1/notifications/{nobody}/restore", "", kNobodyHasIt},
    {"GET", "/api/v1/me/notifications", "/api/v1/me/notifications", "", kSignedIn},
    {"PUT", "/api/v1/me/notifications", "/api/v1/me/notifications",
     R"({"action":"at_once","info":"daily","digest_hour":8})", kSignedIn},
    {"GET", "/api/v1/workspaces/{id}/notifications", "/api/v1/workspaces/{workspace}/notifications", "", kMembers},
    {"PUT", "/api/v1/workspaces/{id}/notifications", "/api/v1/workspaces/{workspace}/notifications",
     R"({"level":"everything"})", kMembers},
    {"GET", "/api/v1/documents/{id}/notifications", "/api/v1/documents/{document}/notifications", "", kMembers},
    {"PUT", "/api/v1/documents/{id}/notifications", "/api/v1/documents/{document}/notifications",
     R"({"level":"nothing"})", kMembers},
    {"GET",
     "/api/v1/notifications/unsubscribe/{token}",
     "/api/v1/notifications/unsubscribe/{nobody}",
     "",
     {303, 303, 303, 303, 303, 303, 303}},
    {"POST", "/api/v1/notifications/unsubscribe/{token}", "/api/v1/notifications/unsubscribe/{nobody}", "", kNone},
    {"GET", "/api/v1/terms", "/api/v1/terms", "", kSignedIn},
    {"POST", "/api/v1/terms", "/api/v1/terms",
     R"({"field":"sessions","wordings":{"fr-FR":{"word":"Mot {n}","definition":"Sens."}}})", kAdministratorMakes},
    {"PUT", "/api/v1/terms/{id}", "/api/v1/terms/nobody-has-it",
     R"({"field":"sessions","wordings":{"fr-FR":{"word":"Mot {n}","definition":"Sens."}}})", kAdministratorFindsNone},
    {"DELETE", "/api/v1/terms/{id}", "/api/v1/terms/nobody-has-it", "", kAdministratorFindsNone},
    {"POST", "/api/v1/terms/{id}/restore", "/api/v1/terms/nobody-has-it/restore", "", kAdministratorFindsNone},
    {"POST", "/api/v1/documents/{id}/language", "/api/v1/documents/{document}/language", "", kEditors},
    {"GET", "/api/v1/translation", "/api/v1/translation", "", kSignedIn},
    {"POST",
     "/api/v1/documents/{id}/translation",
     "/api/v1/documents/{document}/translation",
     R"({"passages":["Bonjour."]})",
     {401, 409, 409, 409, 409, 409, 409}},
    {"GET", "/api/v1/workspaces/{id}/twins", "/api/v1/workspaces/{workspace}/twins", "", kMembers},
    {"POST", "/api/v1/documents/{id}/twins", "/api/v1/documents/{document}/twins", R"({"language":"de-CH"})",
     kEditorsMake},
    {"PUT",
     "/api/v1/documents/{id}/twin",
     "/api/v1/documents/{document}/twin",
     R"({"source_id":"00000000-0000-7000-8000-000000000000"})",
     {401, 404, 403, 403, 404, 404, 404}},
    {"DELETE",
     "/api/v1/documents/{id}/twin",
     "/api/v1/documents/{document}/twin",
     "",
     {401, 404, 403, 403, 409, 409, 409}},
    {"PUT",
     "/api/v1/documents/{id}/authentic",
     "/api/v1/documents/{document}/authentic",
     R"({"authentic":"all"})",
     {401, 404, 403, 403, 409, 409, 409}},
    {"GET", "/api/v1/plugins", "/api/v1/plugins", "", kAdministrator},
    {"PUT", "/api/v1/plugins/{id}", "/api/v1/plugins/org.example.none", R"({"enabled":true})", kAdministratorFindsNone},
    {"GET", "/api/v1/extensions", "/api/v1/extensions", "", kAll},
    {"GET", "/x/{plugin}/~frame", "/x/org.example.none/~frame", "", kNone},
    {"GET", "/x/{plugin}/~frame.js", "/x/org.example.none/~frame.js", "", kAll},
    {"GET", "/x/{plugin}/~{bundle}/{path*}", "/x/org.example.none/~0/web/page.js", "", kNone},
    {"POST", "/api/v1/plugins/uploads", "/api/v1/plugins/uploads", "no archive", kAdministratorFindsNone,
     "application/octet-stream"},
    {"POST", "/api/v1/plugins/uploads/{upload}/accept", "/api/v1/plugins/uploads/{nobody}/accept", "{}",
     kAdministratorFindsNone},
    {"DELETE", "/api/v1/plugins/uploads/{upload}", "/api/v1/plugins/uploads/{nobody}", "", kAdministratorFindsNone},
    {"POST", "/api/v1/plugins/{id}/reload", "/api/v1/plugins/org.example.none/reload", "{}", kAdministratorFindsNone},
    {"GET", "/api/v1/plugins/{id}/export", "/api/v1/plugins/org.example.none/export", "", kAdministratorFindsNone},
    {"GET", "/api/v1/plugins/{id}/logs", "/api/v1/plugins/org.example.none/logs", "", kAdministratorFindsNone},
    {"DELETE", "/api/v1/plugins/{id}", "/api/v1/plugins/org.example.none", "", kAdministratorFindsNone},
    {"GET", "/x/{plugin}/{path*}", "/x/org.example.none/a/b", "", kNobodyHasIt},
    {"POST", "/x/{plugin}/{path*}", "/x/org.example.none/a", "{}", kNobodyHasIt},
    {"PUT", "/x/{plugin}/{path*}", "/x/org.example.none/a", "{}", kNobodyHasIt},
    {"PATCH", "/x/{plugin}/{path*}", "/x/org.example.none/a", "{}", kNobodyHasIt},
    {"DELETE", "/x/{plugin}/{path*}", "/x/org.example.none/a", "", kNobodyHasIt},
    {"OPTIONS", "/x/{plugin}/{path*}", "/x/org.example.none/a", "", kNobodyHasIt},
    {"PROPFIND", "/x/{plugin}/{path*}", "/x/org.example.none/a", "", kNobodyHasIt},
    {"REPORT", "/x/{plugin}/{path*}", "/x/org.example.none/a", "", kNobodyHasIt},
    {"GET", "/.well-known/{name}", "/.well-known/carddav", "", kNone},
    {"OPTIONS", "/.well-known/{name}", "/.well-known/carddav", "", kNone},
    {"PROPFIND", "/.well-known/{name}", "/.well-known/carddav", "", kNone},
    {"GET", "/api/v1/me/app-passwords", "/api/v1/me/app-passwords", "", kSignedIn},
    {"POST",
     "/api/v1/me/app-passwords",
     "/api/v1/me/app-passwords",
     R"({"name":"Téléphone"})",
     {401, 201, 201, 201, 201, 201, 201}},
    {"DELETE", "/api/v1/me/app-passwords/{id}", "/api/v1/me/app-passwords/{nobody}", "", kNobodyHasIt},
    {"GET", "/healthz", "/healthz", "", kAll},
    {"GET", "/readyz", "/readyz", "", kAll},
    {"GET", "/metrics", "/metrics", "", {403, 403, 403, 403, 403, 403, 403}},
};

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values)
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, name.size(), value);
  return text;
}

class AccessMatrix : public testing::Test {
 protected:
  AccessMatrix() {
    server.newcomer("Solène Spare", "spare@example.org");
    for (int who = outsider; who < administrator; ++who) {
      Client client = server.newcomer(kNames[who], std::string(kNames[who]) + "@example.org");
      if (who != outsider) server.join(workspace, client, kNames[who]);
    }
    Client member = server.newcomer("Membre", "member@example.org");
    member_id = member.get("/api/v1/bootstrap").text("/me/id");
    territory = server.administrator().get("/api/v1/territories").text("/territories/0/id");
    spare_id = server.sign_in("spare@example.org").get("/api/v1/bootstrap").text("/me/id");
    for (const auto& other : kOthers) make(other);
    role_id = make_role("Rôle");
  }

  /// Gives `other` what her name says, by the routes themselves.
  void make(const Other& other) {
    Client client = server.newcomer(other.name, std::string(other.name) + "@example.org");
    const std::string id = client.get("/api/v1/bootstrap").text("/me/id"), name = other.name;
    Client admin = server.sign_in("anne@example.org");
    const auto give = [&](const std::string& role, const std::string& kind, const std::string& holder,
                          const std::string& scope, const std::string& last = "") {
      EXPECT_EQ(admin
                    .post("/api/v1/grants", R"({"role":")" + role + R"(","holder":{"kind":")" + kind + R"(","id":")" +
                                                holder + R"("},"scope":)" + scope + R"(,"last_day":")" + last + "\"}")
                    .status,
                201)
          << name;
    };
    const std::string here = R"({"kind":"workspace","id":")" + workspace + "\"}";
    const std::string body =
        admin.post("/api/v1/organisations", R"({"name":"Corps )" + name + R"(","country":"F"})").text("/id");
    const auto mandate = [&](const std::string& last) {
      return admin
          .post("/api/v1/people/" + id + "/mandates", R"({"organisation_id":")" + body +
                                                          R"(","function":"F","first_day":"2020-01-01","last_day":")" +
                                                          last + "\"}")
          .text("/id");
    };
    if (name == "by_mandate") give("editor", "mandate", mandate(""), here);
    if (name == "mandate_over") give("editor", "mandate", mandate("2020-02-01"), here);
    if (name == "by_organisation") mandate(""), give("reader", "organisation", body, here);
    if (name == "by_group") {
      const std::string group = admin.post("/api/v1/groups", R"({"name":"Les )" + name + "\"}").text("/id");
      admin.post("/api/v1/groups/" + group + "/members", R"({"kind":"person","id":")" + id + "\"}");
      give("commenter", "group", group, here);
    }
    if (name == "by_territory") give("manager", "person", id, R"({"kind":"territory","id":")" + territory + "\"}");
    if (name == "expired") give("manager", "person", id, here, "2020-01-01");
    if (name == "secretary" || name == "auditor") give(name, "person", id, R"({"kind":"instance"})");
    if (name != "suspended") return;
    server.join(workspace, client, "manager");
    suspended_token = client.token();
    EXPECT_EQ(admin.put("/api/v1/people/" + id + "/suspension", R"({"reason":"Essai"})").status, 200);
  }

  Client client_of(const Other& other) {
    if (other.like == anonymous) return Client(server, suspended_token);
    return server.sign_in(std::string(other.name) + "@example.org");
  }

  Client client_of(int who) {
    if (who == anonymous) return server.stranger();
    if (who == administrator) return server.sign_in("anne@example.org");
    return server.sign_in(std::string(kNames[who]) + "@example.org");
  }

  /// Somebody new; her id.
  std::string newcomer() {
    Client admin = server.sign_in("anne@example.org");
    const std::string token = admin.post("/api/v1/invitations").text("/token");
    const std::string email = "doomed" + std::to_string(n) + "@example.org";
    return server.stranger()
        .post("/api/v1/invitations/" + token + "/accept",
              R"({"name":"Sur le départ","email":")" + email +
                  R"(","password":"correct horse battery","organisation":{"name":"Ville","country":"CH","kind":""}})")
        .text("/me/id");
  }

  std::string make_role(const std::string& name) {
    return server.sign_in("anne@example.org")
        .post("/api/v1/roles",
              R"({"name_fr":")" + name + R"(","name_de":")" + name + R"(","permissions":["content.read"]})")
        .text("/id");
  }

  /// What a call in which `used` stands needs: links are made only for those that use one, as a person may hold so
  /// many.
  std::map<std::string, std::string> fresh_values(std::string_view used = {}) {
    // Her session of the set-up ends when she is the one who changes her password.
    Client admin = server.sign_in("anne@example.org");
    const std::string document = server.document(admin, workspace, "Note");
    const std::string trashed = server.document(admin, workspace, "Vieille note");
    admin.remove("/api/v1/documents/" + trashed);
    admin.put("/api/v1/workspaces/" + workspace + "/members/" + member_id, R"({"role":"reader"})");
    const std::string url =
        admin.send("POST", "/api/v1/documents/" + document + "/images", {kGif, "image/gif", {}}).text("/url");
    ++n;
    const auto organisation = [&](const std::string& name) {
      return admin.post("/api/v1/organisations", R"({"name":")" + name + std::to_string(n) + R"(","country":"F"})")
          .text("/id");
    };
    const std::string first = organisation("Organisme "), body = organisation("Pôle "), third = organisation("Tiers ");
    const std::string membership =
        admin.post("/api/v1/organisations/" + body + "/memberships", R"({"body_id":")" + third + R"("})")
            .text("/bodies/0/id");
    // Once: a person holds a hundred at most.
    if (mandate_id.empty())
      mandate_id = admin
                       .post("/api/v1/people/" + member_id + "/mandates",
                             R"({"organisation_id":")" + third + R"(","function":"Déléguée"})")
                       .text("/id");
    admin.remove("/api/v1/people/" + member_id + "/suspension");
    const std::string grant =
        admin
            .post("/api/v1/grants", R"({"role":"reader","holder":{"kind":"person","id":")" + spare_id +
                                        R"("},"scope":{"kind":"document","id":")" + document + "\"}}")
            .text("/id");
    const std::string group =
        admin.post("/api/v1/groups", R"({"name":"Groupe )" + std::to_string(n) + "\"}").text("/id");
    return {{"{organisation}", first},
            {"{role}", role_id},
            {"{spare_role}", used.find("{spare_role}") == used.npos ? "" : make_role("Passager " + std::to_string(n))},
            {"{grant}", grant},
            {"{group}", group},
            {"{spare}", spare_id},
            {"{body}", body},
            {"{membership}", membership},
            {"{mandate}", mandate_id},
            {"{workspace}", workspace},
            {"{document}", document},
            {"{trashed}", trashed},
            {"{invitation}",
             used.find("{invitation}") == used.npos ? "" : admin.post("/api/v1/invitations").text("/token")},
            {"{member}", member_id},
            {"{image}", url.substr(url.rfind('/') + 1)},
            {"{link}", used.find("{link}") == used.npos
                           ? ""
                           : admin.post("/api/v1/people/" + member_id + "/recovery").text("/token")},
            {"{territory}", territory},
            {"{nobody}", new_id(server.domain.clock.now()).to_string()},
            {"{n}", std::to_string(n)}};
  }

  TestServer server;
  std::string workspace = server.workspace();
  std::string member_id, spare_id, territory, mandate_id, suspended_token, role_id;
  int n = 0;
};

TEST_F(AccessMatrix, EveryRouteAnswersEveryoneAsTheTableSays) {
  for (const auto& row : kRows) {
    for (int who = anonymous; who < everyone; ++who) {
      auto values = fresh_values(std::string(row.target) + row.body);
      // Newcomers knock at a door that counts: one for each call would be too many.
      if (std::string_view(row.target).find("{doomed}") != std::string_view::npos) values["{doomed}"] = newcomer();
      Client client = client_of(who);
      const Answer answer =
          client.send(row.method, replaced(row.target, values), {replaced(row.body, values), row.type, {}});
      EXPECT_EQ(answer.status, row.expected[static_cast<std::size_t>(who)])
          << row.method << " " << row.target << " by " << kNames[static_cast<std::size_t>(who)] << ": " << answer.body;
    }
  }
}

TEST_F(AccessMatrix, RightsThatComeByAnotherWayAreTheSameRights) {
  for (const auto& row : kRows) {
    for (const auto& other : kOthers) {
      auto values = fresh_values(std::string(row.target) + row.body);
      if (std::string_view(row.target).find("{doomed}") != std::string_view::npos) values["{doomed}"] = newcomer();
      const std::string_view pattern = row.pattern, name = other.name;
      const bool as_administrator = (name == "secretary" && is_one_of(pattern, kSecretaryRoutes)) ||
                                    (name == "auditor" && pattern.starts_with("/api/v1/journal"));
      const int expected = row.expected[static_cast<std::size_t>(as_administrator ? administrator : other.like)];
      Client client = client_of(other);
      const Answer answer =
          client.send(row.method, replaced(row.target, values), {replaced(row.body, values), row.type, {}});
      EXPECT_EQ(answer.status, expected) << row.method << " " << row.target << " by " << name << ": " << answer.body;
    }
  }
}

TEST(AccessMatrixTable, HasARowForEveryRoute) {
  std::set<std::string> rows;
  for (const auto& row : kRows) rows.insert(std::string(row.method) + " " + row.pattern);
  for (const auto& route : all_routes())
    EXPECT_TRUE(rows.contains(std::string(route.method) + " " + std::string(route.pattern)))
        << route.method << " " << route.pattern;
}

TEST_F(AccessMatrix, StrangersCannotTellAHiddenThingFromNone) {
  const auto values = fresh_values();
  Client stranger = client_of(outsider);
  const std::string nothing = new_id(server.domain.clock.now()).to_string();
  const auto same = [&](const std::string& before, const std::string& hidden, const std::string& after) {
    const Answer one = stranger.get(before + hidden + after), other = stranger.get(before + nothing + after);
    EXPECT_EQ(one.status, 404);
    EXPECT_EQ(one.body, other.body) << before << after;
  };
  same("/api/v1/workspaces/", workspace, "");
  same("/api/v1/workspaces/", workspace, "/documents");
  same("/api/v1/documents/", values.at("{document}"), "");
  same("/api/v1/documents/", values.at("{trashed}"), "");
  same("/api/v1/documents/", values.at("{document}"), "/images/" + values.at("{image}"));
}

TEST_F(AccessMatrix, ListsAndSearchesShowStrangersNothing) {
  fresh_values();
  Client stranger = client_of(outsider);
  EXPECT_EQ(stranger.get("/api/v1/workspaces").text("/workspaces"), "[]");
  EXPECT_EQ(stranger.get("/api/v1/find?q=note").text("/documents"), "[]");
  EXPECT_EQ(stranger.get("/api/v1/find?q=mobilite").text("/workspaces"), "[]");
  server.domain.index();
  EXPECT_EQ(stranger.get("/api/v1/search?q=note").text("/total"), "0");
  EXPECT_EQ(stranger.get("/api/v1/search?q=mobilite").text("/found"), "[]");
  const Answer home = stranger.get("/api/v1/home");
  EXPECT_EQ(home.text("/recent"), "[]");
  EXPECT_EQ(home.text("/workspaces"), "[]");
}

TEST_F(AccessMatrix, ListsAndSearchesShowWhatRightsOpenAndNothingElse) {
  fresh_values();
  server.domain.index();
  for (const auto& other : kOthers) {
    if (other.like == anonymous) continue;
    Client client = client_of(other);
    const bool sees = other.like != outsider;
    EXPECT_EQ(client.get("/api/v1/workspaces").text("/workspaces") != "[]", sees) << other.name;
    EXPECT_EQ(client.get("/api/v1/find?q=note").text("/documents") != "[]", sees) << other.name;
    EXPECT_EQ(client.get("/api/v1/search?q=note&kind=document").text("/found") != "[]", sees) << other.name;
    EXPECT_EQ(client.get("/api/v1/find?q=mobilite").text("/workspaces") != "[]", sees) << other.name;
  }
}

TEST_F(AccessMatrix, LosingMembershipEndsAccessAtOnce) {
  const auto values = fresh_values();
  Client client = client_of(editor);
  const std::string document = "/api/v1/documents/" + values.at("{document}");
  EXPECT_EQ(client.get(document).status, 200);
  const std::string me = client.get("/api/v1/bootstrap").text("/me/id");
  EXPECT_EQ(client.remove("/api/v1/workspaces/" + workspace + "/members/" + me).status, 204) << "one may leave";
  EXPECT_EQ(client.get(document).status, 404);
  EXPECT_EQ(client.get("/api/v1/home").text("/recent"), "[]");
  EXPECT_TRUE(server.domain.live.told_access_changed(*Id::parse(workspace), *Id::parse(me)));
}

}  // namespace
}  // namespace cluse::api
