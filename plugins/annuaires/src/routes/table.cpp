#include "routes.h"

namespace annuaires::routes {

namespace {

constexpr Route kRoutes[] = {
    {"GET /directories", list_directories},
    {"POST /directories", make_directory},
    {"GET /directories/{directory}", show_directory},
    {"PUT /directories/{directory}", change_directory},
    {"DELETE /directories/{directory}", remove_directory},
    {"POST /demo", load_demo},
    {"GET /directories/{directory}/entries", list_entries},
    {"POST /directories/{directory}/entries", make_entry},
    {"GET /entries", list_all_entries},
    {"GET /entries/{entry}", show_entry},
    {"PUT /entries/{entry}", change_entry},
    {"DELETE /entries/{entry}", remove_entry},
    {"POST /entries/{entry}/consent", set_consent},
    {"POST /entries/{entry}/checked", confirm_entry},
    {"GET /entries/{entry}/history", show_history},
    {"GET /entries/{entry}/card.vcf", export_card},
    {"GET /me", show_me},
    {"POST /entries/{entry}/links", make_link},
    {"PUT /links/{link}", change_link},
    {"DELETE /links/{link}", remove_link},
    {"GET /search", quick_search},
    {"GET /chart", show_chart},
    {"GET /map", show_map},
    {"GET /map/shapes", show_shapes},
    {"PUT /map/shapes", set_shapes},
    {"GET /territories", list_territories},
    {"PUT /territories", set_territories},
    {"GET /vocabulary", show_vocabulary},
    {"PUT /vocabulary/{list}", set_vocabulary},
    {"GET /counterparts", list_counterparts},
    {"POST /counterparts", make_counterpart},
    {"PUT /counterparts/{counterpart}", decide_counterpart},
    {"POST /entries/{entry}/counterparts/propose", propose_counterparts},
    {"POST /entries/{entry}/changes", propose_change},
    {"POST /directories/{directory}/changes", propose_entry},
    {"GET /changes", list_changes},
    {"GET /changes/{change}", show_change},
    {"POST /changes/{change}/review", review_change},
    {"DELETE /changes/{change}", withdraw_change},
    {"GET /reminders", show_reminders},
    {"POST /reminders/send", send_reminders},
    {"POST /directories/{directory}/imports", make_import},
    {"GET /imports", list_imports},
    {"GET /imports/{import}", show_import},
    {"DELETE /imports/{import}", remove_import},
    {"PUT /imports/{import}/parts/{n}", take_part},
    {"POST /imports/{import}/preview", preview_import},
    {"POST /imports/{import}/check", check_import},
    {"GET /imports/{import}/rows", list_import_rows},
    {"PUT /imports/{import}/rows/{n}", decide_import_row},
    {"POST /imports/{import}/apply", apply_import},
    {"POST /imports/{import}/undo", undo_import},
    {"GET /directories/{directory}/export/{format}", export_directory},
    {"GET /export/{format}", export_all},
    {"GET /duplicates", list_duplicates},
    {"POST /duplicates/dismiss", dismiss_duplicates},
    {"POST /duplicates/merge", merge_duplicates},
    {"GET /batches", list_batches},
    {"POST /batches/{batch}/undo", undo_batch},
    {"GET /public/directories", list_open_directories, true},
    {"GET /public/{directory}/entries", list_open_entries, true},
    {"GET /public/entries/{uid}", show_open_entry, true},
    {"GET /public/check/{token}", open_check, true},
    {"POST /public/check/{token}", answer_check, true},
    {"OPTIONS /dav/{path*}", dav_options},
    {"PROPFIND /dav/{path*}", dav_propfind},
    {"REPORT /dav/{path*}", dav_report},
    {"GET /dav/{path*}", dav_get},
};

}  // namespace

std::span<const Route> all() {
  return kRoutes;
}

}  // namespace annuaires::routes
