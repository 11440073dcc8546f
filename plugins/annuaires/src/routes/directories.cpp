// Directories: which there are, and what their entries hold.
#include "routes.h"
#include "shared.h"

#include "../demo.h"
#include "../model/words.h"
#include "../store/directories.h"
#include "../text/fold.h"

#include <algorithm>

namespace annuaires::routes {
namespace {

constexpr int kReviewMonthsMax = 120;
constexpr std::size_t kWordsMax = 2000;

Value view(Context& context, Tx& tx, const Directory& directory) {
  Value out = to_value(directory);
  const auto rank = static_cast<int>(context.reader().audience);
  out.set("entries", tx.one<std::int64_t>(
                         "SELECT count(*) FROM entry WHERE directory = ?1 AND state = 'published' AND audience <= ?2",
                         directory.id, rank));
  return out;
}

Value waiting(Tx& tx) {
  const auto count = [&tx](std::string_view sql) { return tx.one<std::int64_t>(sql); };
  return {
      {"changes", count("SELECT count(*) FROM change WHERE state = 'open'")},
      {"counterparts", count("SELECT count(*) FROM counterpart WHERE state = 'proposed'")},
      {"duplicates",
       count("SELECT count(*) FROM (SELECT 1 FROM entry WHERE state IN ('published', 'draft') AND email_key IS NOT NULL"
             " GROUP BY email_key, kind HAVING count(*) > 1)")}};
}

void take_words(Value& words, const Value& body, std::string_view key, bool needed, std::vector<Problem>& problems) {
  words = both(body[key]["fr"].get_or<std::string>(""), body[key]["de"].get_or<std::string>(""));
  if (needed && words.entries().empty()) problems.push_back({std::string(key), "field_missing"});
  for (const auto& [language, text] : words.entries())
    if (text.as<std::string>().size() > kWordsMax) return problems.push_back({std::string(key), "value_too_long"});
}

void take_visibility(Directory& directory, const std::string& text, std::vector<Problem>& problems) {
  const auto visibility = read_audience(text);
  if (!visibility || *visibility == Audience::few) problems.push_back({"visibility", "field_wrong"});
  else directory.visibility = *visibility;
}

// Everything that is wrong is told at once: whoever fills in the form corrects it once.
void take(Directory& directory, const Value& body, std::vector<Problem>& problems) {
  if (!body["name"].is_null()) take_words(directory.name, body, "name", true, problems);
  if (!body["description"].is_null()) take_words(directory.description, body, "description", false, problems);
  if (const auto about = body["about"].get<std::string>()) {
    if (*about != "person" && *about != "organisation") problems.push_back({"about", "field_wrong"});
    directory.about = *about;
  }
  if (const auto text = body["visibility"].get<std::string>()) take_visibility(directory, *text, problems);
  directory.is_public = body["public"].get_or(directory.is_public);
  directory.review_months = body["review_months"].get_or(directory.review_months);
  if (directory.review_months < 0 || directory.review_months > kReviewMonthsMax)
    problems.push_back({"review_months", "field_wrong"});
  directory.position = body["position"].get_or(directory.position);
}

void take_slug(Directory& directory, const Value& body, const std::vector<Directory>& all,
               std::vector<Problem>& problems) {
  directory.slug = body["slug"].get_or<std::string>("");
  if (!is_slug(directory.slug)) problems.push_back({"slug", "slug_wrong"});
  else if (is_reserved_slug(directory.slug)) problems.push_back({"slug", "slug_reserved"});
  else if (std::ranges::find(all, directory.slug, &Directory::slug) != all.end())
    problems.push_back({"slug", "slug_taken"});
}

// Fields that are left out stay, hidden: their values are not lost.
std::vector<Field> merged_fields(const Directory& directory, const Value& list, std::vector<Problem>& problems) {
  auto fields = read_fields(list, problems);
  for (const Field& old : directory.fields)
    if (std::ranges::find(fields, old.key, &Field::key) == fields.end()) {
      fields.push_back(old);
      fields.back().archived = true;
    }
  return fields;
}

bool must_project(const Directory& before, const Directory& after) {
  return before.visibility != after.visibility || before.is_public != after.is_public ||
         fields_to_value(before.fields) != fields_to_value(after.fields);
}

}  // namespace

Response list_directories(Context& context, const Request&) {
  const bool manages = context.may_manage();
  return context.read([&](Tx& tx) {
    Value list = Value::array();
    for (const Directory& directory : context.app().directories(tx)) list.add(view(context, tx, directory));
    return Response::json({{"directories", list},
                           {"may", {{"manage", manages}, {"create", manages}}},
                           {"waiting", manages ? waiting(tx) : Value()}});
  });
}

Response make_directory(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    Directory directory;
    std::vector<Problem> problems;
    const auto& all = context.app().directories(tx);
    take_slug(directory, body, all, problems);
    const auto made_from = body["template"].get_or<std::string>("empty");
    const auto fields = template_fields(made_from);
    if (!fields) problems.push_back({"template", "choice_unknown"});
    else directory.fields = *fields;
    directory.about = is_about_persons(made_from) ? "person" : "organisation";
    directory.position = static_cast<int>(all.size());
    take(directory, body, problems);
    if (body["name"].is_null()) problems.push_back({"name", "field_missing"});
    if (!problems.empty()) throw Failure(std::move(problems));
    save_directory(tx, directory);
    context.app().forget();
    return Response::json({{"directory", view(context, tx, directory)}}, 201);
  });
}

Response show_directory(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    return Response::json({{"directory", view(context, tx, context.directory(tx, request.param("directory")))}});
  });
}

Response change_directory(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    const Directory before = context.directory(tx, request.param("directory"));
    const auto version = body["version"].get<std::int64_t>();
    if (!version) throw Failure(422, "field_missing", "version");
    if (*version != before.version) {
      Failure conflict(409, "version_conflict");
      conflict.current = view(context, tx, before);
      throw conflict;
    }
    Directory after = before;
    std::vector<Problem> problems;
    take(after, body, problems);
    if (!body["fields"].is_null()) after.fields = merged_fields(before, body["fields"], problems);
    if (!problems.empty()) throw Failure(std::move(problems));
    save_directory(tx, after);
    context.app().forget();
    // What is derived of its entries follows in pieces: there may be very many.
    if (must_project(before, after))
      context.app().schedule(context.call(), "project", std::to_string(after.id), context.now(),
                             {{"directory", after.id}, {"after", 0}});
    return Response::json({{"directory", view(context, tx, after)}});
  });
}

Response remove_directory(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    const Directory directory = context.directory(tx, request.param("directory"));
    if (!tx.all("SELECT 1 FROM entry WHERE directory = ?1 LIMIT 1", directory.id).empty())
      throw Failure(409, "directory_not_empty");
    tx.run("DELETE FROM import WHERE directory = ?1", directory.id);
    tx.run("DELETE FROM change WHERE directory = ?1", directory.id);
    tx.run("DELETE FROM directory WHERE id = ?1", directory.id);
    context.app().forget();
    return Response::empty();
  });
}

Response load_demo(Context& context, const Request&) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    const auto made = demo::load(context, tx);
    context.app().forget();
    return Response::json({{"directories", made.directories}, {"entries", made.entries}});
  });
}

}  // namespace annuaires::routes
