// Bringing in a file: its parts, a preview, every row looked at, then taken or not, and all of it taken back.
#include "routes.h"
#include "shared.h"

#include "../files/sheets.h"
#include "../files/zip.h"
#include "../model/values.h"
#include "../services.h"
#include "../store/imports.h"
#include "../text/encoding.h"
#include "../text/fold.h"

#include <algorithm>
#include <charconv>

namespace annuaires::routes {
namespace {

constexpr std::size_t kSamplesMax = 3, kImportsKept = 50;

Response answer(Context& context, Tx& tx, const Import& import, int status = 200) {
  return Response::json({{"import", to_value(context, tx, import)}}, status);
}

Import loaded(Tx& tx, const Request& request) {
  return load_import(tx, id_param(request, "import"));
}

void must_be(const Import& import, std::initializer_list<std::string_view> states) {
  if (std::ranges::find(states, import.state) == states.end()) throw Failure(409, "import_state");
}

void detect(Import& import, const Value& body, std::string_view octets) {
  import.format = detect_format(octets);
  import.encoding = body["encoding"].get_or<std::string>(detect_encoding(octets));
  if (import.encoding != "utf-8" && import.encoding != "utf-16le" && import.encoding != "windows-1252")
    throw Failure(422, "choice_unknown", "encoding");
  import.header = body["header"].get_or(true);
  import.sheets.clear();
  if (import.format == "xlsx") {
    import.encoding.clear();
    import.sheets = sheet_names(octets);
    import.sheet = body["sheet"].get_or<std::string>(import.sheets.front());
  } else if (import.format == "csv") {
    import.separator = body["separator"].get_or<std::string>("");
    if (import.separator.empty())
      import.separator = std::string(1, detect_separator(to_utf8(octets.substr(0, 64U << 10), import.encoding)));
    if (import.separator.size() != 1) throw Failure(422, "choice_unknown", "separator");
  }
}

void take_columns(Import& import, const Directory& directory, std::string_view octets) {
  import.columns.clear();
  std::size_t rows = 0;
  read_source(import, octets, [&](Cells&& cells) {
    const bool is_head = rows++ == 0 && (import.header || import.format == "vcard");
    if (import.columns.size() < cells.size()) import.columns.resize(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (is_head) import.columns[i].name = cut(cells[i], 200);
      else if (!cells[i].empty() && import.columns[i].samples.size() < kSamplesMax)
        import.columns[i].samples.push_back(cut(cells[i], 200));
    }
    return rows < 50;
  });
  std::vector<std::string> used;
  for (Column& column : import.columns) {
    const auto field = likely_field(directory, column.name);
    if (field.empty() || std::ranges::find(used, field) != used.end()) continue;
    used.push_back(column.field = field);
  }
}

void choose_columns(Import& import, const Directory& directory, const Value& list) {
  for (Column& column : import.columns) column.field.clear();
  std::vector<std::string> used;
  for (const Value& one : list.items()) {
    const auto index = one["index"].get_or<std::size_t>(kImportColumnsMax);
    const auto field = one["field"].get_or<std::string>("");
    if (index >= import.columns.size()) throw Failure(422, "column_missing", "columns");
    if (field.empty()) continue;
    if (!is_column_field(directory, field) || std::ranges::find(used, field) != used.end())
      throw Failure(422, "field_unknown", field);
    used.push_back(import.columns[index].field = field);
  }
  const bool has_name = std::ranges::any_of(used, [](const std::string& field) {
    return field == "name" || field == "name.de" || field == "name.fr" || field == "family" || field == "given";
  });
  if (!has_name) throw Failure(422, "column_missing", "name");
}

void choose_matching(Import& import, const Value& body) {
  import.match = body["match"].is_null() ? std::vector<std::string>{"email", "name"} : keys_of(body["match"]);
  for (const auto& one : import.match)
    if (one != "email" && one != "phone" && one != "name") throw Failure(422, "choice_unknown", "match");
  import.on_match = body["on_match"].get_or<std::string>("ask");
  if (import.on_match != "ask" && import.on_match != "skip" && import.on_match != "fill" &&
      import.on_match != "replace")
    throw Failure(422, "choice_unknown", "on_match");
}

void start(Context& context, Import& import, std::string_view state, std::string_view step) {
  import.state = state;
  import.step = step;
  import.done = 0;
  context.app().schedule(context.call(), "import", std::to_string(import.id), context.now(),
                         {{"import", import.id}, {"step", step}, {"at", 0}});
}

// A row with what it would change.
Value row_view(Context& context, Tx& tx, const Import& import, const Value& row) {
  const auto& c = row.items();
  const Value data = Value::from_json(c[2].as<std::string>()).value_or(Value::map());
  const Value found = Value::from_json(c[4].as<std::string>()).value_or(Value::array());
  const Value wrong = Value::from_json(c[3].as<std::string>()).value_or(Value::array());
  std::vector<Id> ids;
  for (const Value& one : found.items()) ids.push_back(one["id"].get_or<Id>(0));
  const auto refs = refs_of(tx, ids, Audience::few);
  Value matches = Value::array(), changes = Value::array(), problems = Value::array();
  for (const Value& one : found.items())
    if (const auto ref = refs.find(one["id"].get_or<Id>(0)); ref != refs.end()) {
      Value match = ref->second;
      match.set("why", one["why"]);
      matches.add(std::move(match));
    }
  for (Value one : wrong.items()) {
    one.set("detail", services::text(context.app().host(), context.language(),
                                     "error." + one["code"].get_or<std::string>("field_wrong")));
    problems.add(std::move(one));
  }
  const Id entry = c[6].get<Id>().value_or(ids.size() == 1 ? ids.front() : 0);
  if (entry != 0 && c[1].as<std::string>() == "matched")
    if (const auto entries = load_entries(tx, std::span(&entry, 1)); !entries.empty())
      changes = differences(entries.front().data,
                            combined(entries.front().data, data, import.on_match == "replace" ? "replace" : "fill"));
  return {{"n", c[0]},
          {"values", data},
          {"state", c[1]},
          {"problems", problems},
          {"matches", matches},
          {"decision", c[5]},
          {"entry", entry == 0 ? Value() : Value(entry)},
          {"changes", changes}};
}

constexpr std::string_view kRowColumns =
    "SELECT n, state, data, problems, matches, decision, entry FROM import_row WHERE import = ?1";

}  // namespace

Response make_import(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  const auto size = body["size"].get_or<std::int64_t>(0);
  if (size <= 0) throw Failure(422, "field_missing", "size");
  if (size > kImportBytesMax) throw Failure(413, "import_too_large");
  return context.write([&](Tx& tx) {
    const Directory& directory = context.directory(tx, request.param("directory"));
    const auto id = tx.one<Id>(
        "INSERT INTO import (directory, name, size, state, at, by) VALUES (?1, ?2, ?3, 'receiving', ?4, ?5) RETURNING "
        "id",
        directory.id, cut(body["name"].get_or<std::string>("import"), 200), size, context.now(), context.user());
    // Old files take room; what they made stays, and can be taken back as long as it is listed.
    tx.run("DELETE FROM import_part WHERE import NOT IN (SELECT id FROM import ORDER BY id DESC LIMIT 3)");
    tx.run("DELETE FROM import WHERE id NOT IN (SELECT id FROM import ORDER BY id DESC LIMIT ?1)", kImportsKept);
    return Response::json({{"import", to_value(context, tx, load_import(tx, id))}, {"part_bytes", kPartBytes}}, 201);
  });
}

Response take_part(Context& context, const Request& request) {
  context.must_manage();
  const std::string given = request.param("n");
  std::int64_t n = -1;
  std::from_chars(given.data(), given.data() + given.size(), n);
  if (n < 0 || n > kImportBytesMax / static_cast<std::int64_t>(kPartBytes)) throw Failure(404, "not_found", "n");
  if (request.raw().empty() || request.raw().size() > kPartBytes) throw Failure(413, "import_too_large");
  return context.write([&](Tx& tx) {
    Import import = loaded(tx, request);
    must_be(import, {"receiving", "received"});
    tx.run("REPLACE INTO import_part (import, n, octets) VALUES (?1, ?2, ?3)", import.id, n,
           cluse::Octets{std::string(request.raw())});
    const auto received =
        tx.one<std::int64_t>("SELECT sum(length(octets)) FROM import_part WHERE import = ?1", import.id);
    if (received > import.size) throw Failure(413, "import_too_large");
    import.state = received == import.size ? "received" : "receiving";
    save_import(tx, import);
    return Response::json({{"received", received}});
  });
}

Response preview_import(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.raw().empty() ? Value::map() : request.body();
  return context.write([&](Tx& tx) {
    Import import = loaded(tx, request);
    if (import.state == "receiving") throw Failure(409, "import_incomplete");
    must_be(import, {"received", "preview", "checked", "failed"});
    const std::string octets = octets_of(tx, import);
    try {
      detect(import, body, octets);
      take_columns(import, context.directory(tx, import.directory), octets);
    } catch (const ZipError&) {
      throw Failure(422, "import_unreadable");
    }
    import.state = "preview";
    import.error.clear();
    save_import(tx, import);
    return answer(context, tx, import);
  });
}

Response check_import(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    Import import = loaded(tx, request);
    must_be(import, {"preview", "checked", "failed"});
    choose_columns(import, context.directory(tx, import.directory), body["columns"]);
    choose_matching(import, body);
    start(context, import, "checking", "check");
    save_import(tx, import);
    return answer(context, tx, import, 202);
  });
}

Response show_import(Context& context, const Request& request) {
  context.must_manage();
  return context.read([&](Tx& tx) { return answer(context, tx, loaded(tx, request)); });
}

Response list_import_rows(Context& context, const Request& request) {
  context.must_manage();
  const int limit = number_query(request, "limit", 50, 1, kPageMax),
            after = number_query(request, "cursor", 0, 0, 2'000'000'000);
  const std::string state = request.query("state");
  return context.read([&](Tx& tx) {
    const Import import = loaded(tx, request);
    const std::string where = state.empty() ? "" : " AND state = ?4";
    Value::Array parameters{import.id, after, limit + 1};
    if (!state.empty()) parameters.push_back(state);
    const auto rows = tx.all_of(std::string(kRowColumns) + " AND n > ?2" + where + " ORDER BY n LIMIT ?3", parameters);
    const auto total = tx.one<std::int64_t>(
        "SELECT count(*) FROM import_row WHERE import = ?1 AND (?2 = '' OR state = ?2)", import.id, state);
    Value list = Value::array(), next;
    for (const auto& row : rows) {
      if (list.items().size() == static_cast<std::size_t>(limit)) {
        next = std::to_string(list.items().back()["n"].as<std::int64_t>());
        break;
      }
      list.add(row_view(context, tx, import, row));
    }
    return Response::json({{"rows", list}, {"total", total}, {"next", next}});
  });
}

Response decide_import_row(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  const auto decision = body["decision"].get_or<std::string>("");
  if (decision != "create" && decision != "merge" && decision != "skip")
    throw Failure(422, "choice_unknown", "decision");
  return context.write([&](Tx& tx) {
    const Import import = loaded(tx, request);
    must_be(import, {"checked"});
    const Id n = id_param(request, "n");
    const Value entry =
        body["entry"].is_null() ? Value() : Value(seen_entry(context, tx, body["entry"].get_or<Id>(0)).id);
    tx.run(
        "UPDATE import_row SET decision = ?3, entry = coalesce(?4, entry) WHERE import = ?1 AND n = ?2 AND state IN "
        "('new', 'matched', 'ambiguous')",
        import.id, n, decision, entry);
    const auto rows = tx.all(std::string(kRowColumns) + " AND n = ?2", import.id, n);
    if (rows.empty()) throw Failure(404, "not_found", "row");
    return Response::json({{"row", row_view(context, tx, import, rows.front())}});
  });
}

Response apply_import(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    Import import = loaded(tx, request);
    must_be(import, {"checked"});
    import.batch = tx.one<Id>("INSERT INTO batch (kind, at, by) VALUES ('import', ?1, ?2) RETURNING id", context.now(),
                              context.user());
    import.by = context.user();
    start(context, import, "applying", "apply");
    import.of = tx.one<std::int64_t>("SELECT coalesce(max(n), 0) FROM import_row WHERE import = ?1", import.id);
    save_import(tx, import);
    return answer(context, tx, import, 202);
  });
}

Response undo_import(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    Import import = loaded(tx, request);
    must_be(import, {"applied"});
    start(context, import, "undoing", "undo");
    import.of = tx.one<std::int64_t>("SELECT count(*) FROM history WHERE batch = ?1", *import.batch);
    save_import(tx, import);
    return answer(context, tx, import, 202);
  });
}

Response list_imports(Context& context, const Request& request) {
  context.must_manage();
  return context.read([&](Tx& tx) {
    const Id directory = request.query("directory").empty() ? 0 : context.directory(tx, request.query("directory")).id;
    Value list = Value::array();
    for (const auto& row :
         tx.all("SELECT id FROM import WHERE ?1 = 0 OR directory = ?1 ORDER BY id DESC LIMIT 50", directory))
      list.add(to_value(context, tx, load_import(tx, row.items()[0].as<Id>())));
    return Response::json({{"imports", list}});
  });
}

Response remove_import(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    const Import import = loaded(tx, request);
    if (import.state == "checking" || import.state == "applying" || import.state == "undoing")
      throw Failure(409, "import_state");
    tx.run("DELETE FROM import WHERE id = ?1", import.id);
    return Response::empty();
  });
}

}  // namespace annuaires::routes
