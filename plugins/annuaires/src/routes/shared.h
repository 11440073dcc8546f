// What several routes need: parameters, pages, an entry as a reader sees it.
#pragma once

#include "../app.h"
#include "../store/find.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annuaires {

[[nodiscard]] Id id_param(const Request& request, std::string_view name);  ///< throws Failure(404)
[[nodiscard]] int number_query(const Request& request, std::string_view name, int otherwise, int min, int max);
/// Filters, order and page of a list as they stand in the address. Throws Failure("query_wrong").
[[nodiscard]] Query query_of(Context& context, const Request& request);

/// {id, name} of a person's account, or null.
[[nodiscard]] Value who(Context& context, const std::string& id);

[[nodiscard]] std::vector<Value> rows_of(Context& context, Tx& tx, std::span<const Entry> entries);
[[nodiscard]] Value entry_view(Context& context, Tx& tx, const Entry& entry);
[[nodiscard]] Value links_of(Context& context, Tx& tx, Id entry);
/// `rows`: id, a, b, policy, state, score, reasons, by, at, note. Those that lead to an entry the reader may not see
/// are left out. `level`: of the entry they stand beside.
[[nodiscard]] Value shown_counterparts(Context& context, Tx& tx, const Value::Array& rows,
                                       const std::optional<Value>& level = std::nullopt);
[[nodiscard]] Value counterparts_of(Context& context, Tx& tx, const Entry& entry);
[[nodiscard]] Response entry_answer(const Value& view, int status = 200);

/// An entry that the caller may see; Failure(404) for any other.
[[nodiscard]] Entry seen_entry(Context& context, Tx& tx, Id id);
/// Saves one entry in the caller's name and has the search of the instance told.
void keep(Context& context, Tx& tx, Entry& entry, const Event& event);
void keep(Context& context, Tx& tx, Entry& entry, const Event& event, const Author& author);

/// The values of `given` merged into those of the entry, each checked. Throws Failure with every problem.
void take_values(Context& context, Tx& tx, const Directory& directory, Entry& entry, const Value& given);
/// The problems of an entry as a whole: a name, required fields.
[[nodiscard]] std::vector<Problem> problems_of(const Directory& directory, const Entry& entry);
/// When it is to be looked at again, by its directory.
void set_due(const Directory& directory, Entry& entry, Moment now);

}  // namespace annuaires
