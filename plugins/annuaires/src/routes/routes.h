// The routes of docs/api.md, one function each. Thread: the lane.
#pragma once

#include "../app.h"

#include <span>

namespace annuaires::routes {

[[nodiscard]] std::span<const Route> all();

// entries.cpp
Response list_entries(Context& context, const Request& request);
Response list_all_entries(Context& context, const Request& request);
Response quick_search(Context& context, const Request& request);
Response make_entry(Context& context, const Request& request);
Response show_entry(Context& context, const Request& request);
Response change_entry(Context& context, const Request& request);
Response remove_entry(Context& context, const Request& request);
Response set_consent(Context& context, const Request& request);
Response confirm_entry(Context& context, const Request& request);
Response show_history(Context& context, const Request& request);
// directories.cpp
Response list_directories(Context& context, const Request& request);
Response make_directory(Context& context, const Request& request);
Response show_directory(Context& context, const Request& request);
Response change_directory(Context& context, const Request& request);
Response remove_directory(Context& context, const Request& request);
Response load_demo(Context& context, const Request& request);
// links.cpp
Response make_link(Context& context, const Request& request);
Response change_link(Context& context, const Request& request);
Response remove_link(Context& context, const Request& request);
Response show_chart(Context& context, const Request& request);
// reference.cpp
Response show_map(Context& context, const Request& request);
Response show_shapes(Context& context, const Request& request);
Response set_shapes(Context& context, const Request& request);
Response list_territories(Context& context, const Request& request);
Response set_territories(Context& context, const Request& request);
Response show_open_vocabulary(Context& context, const Request& request);
Response show_vocabulary(Context& context, const Request& request);
Response set_vocabulary(Context& context, const Request& request);
// counterparts.cpp
Response list_counterparts(Context& context, const Request& request);
Response propose_counterparts(Context& context, const Request& request);
Response make_counterpart(Context& context, const Request& request);
Response decide_counterpart(Context& context, const Request& request);
// changes.cpp
Response propose_change(Context& context, const Request& request);
Response propose_entry(Context& context, const Request& request);
Response list_changes(Context& context, const Request& request);
Response show_change(Context& context, const Request& request);
Response review_change(Context& context, const Request& request);
Response withdraw_change(Context& context, const Request& request);
Response show_me(Context& context, const Request& request);
// reminders.cpp
Response show_reminders(Context& context, const Request& request);
Response send_reminders(Context& context, const Request& request);
Response open_check(Context& context, const Request& request);
Response answer_check(Context& context, const Request& request);
// imports.cpp
Response make_import(Context& context, const Request& request);
Response take_part(Context& context, const Request& request);
Response preview_import(Context& context, const Request& request);
Response check_import(Context& context, const Request& request);
Response show_import(Context& context, const Request& request);
Response list_import_rows(Context& context, const Request& request);
Response decide_import_row(Context& context, const Request& request);
Response apply_import(Context& context, const Request& request);
Response undo_import(Context& context, const Request& request);
Response list_imports(Context& context, const Request& request);
Response remove_import(Context& context, const Request& request);
// exports.cpp
Response export_directory(Context& context, const Request& request);
Response export_all(Context& context, const Request& request);
Response export_card(Context& context, const Request& request);
// duplicates.cpp
Response list_duplicates(Context& context, const Request& request);
Response dismiss_duplicates(Context& context, const Request& request);
Response merge_duplicates(Context& context, const Request& request);
Response undo_batch(Context& context, const Request& request);
Response list_batches(Context& context, const Request& request);
// open.cpp
Response list_open_directories(Context& context, const Request& request);
Response list_open_entries(Context& context, const Request& request);
Response show_open_entry(Context& context, const Request& request);
// dav.cpp
Response dav_options(Context& context, const Request& request);
Response dav_propfind(Context& context, const Request& request);
Response dav_report(Context& context, const Request& request);
Response dav_get(Context& context, const Request& request);

}  // namespace annuaires::routes
