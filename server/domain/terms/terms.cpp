#include "server/domain/terms/terms.h"

#include "server/domain/journal/journal.h"
#include "server/domain/text.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace cluse::domain::terms {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// A term with the row that it has, if it has one.
struct Kept {
  Term term;
  std::optional<Id> row;
};

std::size_t rank_of(std::string_view language) {
  return static_cast<std::size_t>(std::ranges::find(kLanguages, language) - kLanguages.begin());
}

Kept kept_from(const storage::Row& row, const Glossary& shipped) {
  Kept kept;
  kept.row = row.id(0);
  kept.term.id = row.is_null(1) ? row.text(0) : row.text(1);
  kept.term.is_shipped = shipped.find(kept.term.id) != nullptr;
  kept.term.is_changed = kept.term.is_shipped;
  kept.term.field = row.text(2);
  kept.term.confused_with = lines_of(row.text(3));
  kept.term.warning_fr = row.text(4);
  kept.term.warning_de = row.text(5);
  kept.term.withdrawn_at = row.instant_or_null(6);
  return kept;
}

// All there are, shipped or not, withdrawn or not, by id.
std::map<std::string, Kept> read_all(storage::Snapshot& snapshot, const Glossary& shipped) {
  std::map<std::string, Kept> terms;
  std::map<Id, std::string> ids;
  for (const Term& term : shipped.terms()) terms[term.id] = {term, std::nullopt};
  for (const auto& row :
       snapshot.all("SELECT id, shipped, field, confused_with, warning_fr, warning_de, withdrawn_at FROM term")) {
    Kept kept = kept_from(row, shipped);
    ids[*kept.row] = kept.term.id;
    terms[kept.term.id] = std::move(kept);
  }
  for (const auto& row :
       snapshot.all("SELECT term_id, language, word, forms, is_rendering, definition, source FROM term_wording"))
    if (const auto id = ids.find(row.id(0)); id != ids.end())
      terms[id->second].term.wordings.push_back(
          {row.text(1), row.text(2), lines_of(row.text(3)), row.flag(4), row.text(5), row.text(6)});
  for (auto& [id, kept] : terms) {
    std::ranges::sort(kept.term.wordings, {}, [](const Wording& each) { return rank_of(each.language); });
    // Edited back to what is shipped, or withdrawn without a change.
    const Term* original = shipped.find(id);
    if (original != nullptr && kept.row)
      kept.term.is_changed = original->wordings != kept.term.wordings || original->field != kept.term.field ||
                             original->confused_with != kept.term.confused_with ||
                             original->warning_fr != kept.term.warning_fr ||
                             original->warning_de != kept.term.warning_de;
  }
  return terms;
}

Result<Wording> cleaned(Wording wording) {
  if (std::ranges::find(kLanguages, wording.language) == kLanguages.end())
    return fail(Errc::invalid, "field_invalid", "no such language", "wordings." + wording.language);
  const std::string field = wording.language + '.';
  CLUSE_TRY(word, clean_line(wording.word, field + "word", kWordMax));
  wording.word = word;
  if (wording.forms.size() > kFormsMax) return fail(Errc::invalid, "field_too_long", "", field + "forms");
  std::vector<std::string> forms;
  for (const auto& raw : wording.forms) {
    CLUSE_TRY(form, clean_line(raw, field + "forms", kWordMax, false));
    if (!form.empty() && form != wording.word && std::ranges::find(forms, form) == forms.end()) forms.push_back(form);
  }
  wording.forms = std::move(forms);
  CLUSE_TRY(definition, clean_line(wording.definition, field + "definition", kDefinitionMax, !wording.is_rendering));
  CLUSE_TRY(source, clean_line(wording.source, field + "source", kSourceMax, false));
  wording.definition = definition;
  wording.source = source;
  return wording;
}

Result<TermContent> cleaned(TermContent content) {
  if (std::ranges::find(kFields, content.field) == kFields.end())
    return fail(Errc::invalid, "field_invalid", "no such field", "field");
  if (content.wordings.empty()) return fail(Errc::invalid, "field_missing", "", "wordings");
  std::set<std::string> languages;
  for (auto& wording : content.wordings) {
    CLUSE_TRY(clean, cleaned(std::move(wording)));
    if (!languages.insert(clean.language).second)
      return fail(Errc::invalid, "field_invalid", "a language stands twice", "wordings");
    wording = std::move(clean);
  }
  std::ranges::sort(content.wordings, {}, [](const Wording& each) { return rank_of(each.language); });
  CLUSE_TRY(fr, clean_line(content.warning_fr, "warning_fr", kWarningMax, false));
  CLUSE_TRY(de, clean_line(content.warning_de, "warning_de", kWarningMax, false));
  // A warning that half of the readers cannot read is none.
  if (fr.empty() != de.empty())
    return fail(Errc::invalid, "field_missing", "said in one language only", fr.empty() ? "warning_fr" : "warning_de");
  content.warning_fr = fr;
  content.warning_de = de;
  if (content.confused_with.size() > kConfusedMax) return fail(Errc::invalid, "field_too_long", "", "confused_with");
  return content;
}

Result<void> check_against(const std::map<std::string, Kept>& all, const TermContent& content, std::string_view self) {
  for (const auto& other : content.confused_with)
    if (other == self || !all.contains(other))
      return fail(Errc::invalid, "field_invalid", "no such term", "confused_with");
  for (const auto& wording : content.wordings) {
    const std::string folded = fold(wording.word);
    for (const auto& [id, kept] : all) {
      if (id == self || kept.term.withdrawn_at) continue;
      for (const auto& other : kept.term.wordings)
        if (other.language == wording.language && fold(other.word) == folded)
          return fail(Errc::conflict, "term_taken", "", wording.language + ".word");
    }
  }
  return {};
}

Result<void> check_room(storage::Snapshot& snapshot) {
  if (snapshot.one("SELECT COUNT(*) FROM term")->integer(0) >= kTermsMax) return fail(Errc::conflict, "too_many_terms");
  return {};
}

void put_wordings(storage::Transaction& tx, Id row, const std::vector<Wording>& wordings) {
  tx.run("DELETE FROM term_wording WHERE term_id = ?", {row});
  for (const auto& each : wordings)
    tx.run(
        "INSERT INTO term_wording (term_id, language, word, forms, is_rendering, definition, source) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {row, each.language, each.word, joined(each.forms), each.is_rendering, each.definition, each.source});
}

/// Writes a row for what has none yet: a new term, or a shipped one that is said otherwise or withdrawn.
Result<Id> insert(storage::Transaction& tx, const Actor& actor, const TermContent& content,
                  std::optional<std::string> shipped, std::optional<Instant> withdrawn, Instant now) {
  CLUSE_CHECK(check_room(tx));
  const Id id = new_id(now);
  tx.run(
      "INSERT INTO term (id, shipped, field, confused_with, warning_fr, warning_de, withdrawn_at, updated_at, "
      "updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, shipped, content.field, joined(content.confused_with), content.warning_fr, content.warning_de, withdrawn,
       now, actor.person_id});
  put_wordings(tx, id, content.wordings);
  return id;
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, std::optional<Id> row,
          const std::string& word, Instant now) {
  journal::append(tx, {author_of(actor), verb, journal::ObjectKind::term, row, {}, now, {{"name", word}}});
}

Result<void> check_may(const Actor& actor) {
  if (!actor.may(rights::Permission::terms_manage)) return fail(Errc::denied, "denied");
  return {};
}

TermContent content_of(const Term& term) {
  return {term.field, term.wordings, term.confused_with, term.warning_fr, term.warning_de};
}

Result<Kept> must_find(const std::map<std::string, Kept>& all, const std::string& id) {
  const auto found = all.find(id);
  if (found == all.end()) return fail(Errc::not_found, "term_not_found");
  return found->second;
}

Result<Term> again(storage::Transaction& tx, const Glossary& shipped, const std::string& id) {
  CLUSE_TRY(kept, must_find(read_all(tx, shipped), id));
  return kept.term;
}

}  // namespace

Task<Result<std::vector<Term>>> Terms::list(Actor actor, TermQuery query) {
  if (query.withdrawn) CLUSE_CO_CHECK(check_may(actor));
  auto body = [shipped = shipped_, query = std::move(query)](storage::Snapshot& snapshot) -> Result<std::vector<Term>> {
    std::vector<Term> found;
    for (auto& [id, kept] : read_all(snapshot, *shipped))
      if ((query.withdrawn || !kept.term.withdrawn_at) && matches(kept.term, query.words, query.language))
        found.push_back(std::move(kept.term));
    sort(found);
    return found;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Term>> Terms::add(Actor actor, TermContent content) {
  CLUSE_CO_CHECK(check_may(actor));
  CLUSE_CO_TRY(clean, cleaned(std::move(content)));
  auto body = [actor, shipped = shipped_, clean = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Term> {
    CLUSE_CHECK(check_against(read_all(tx, *shipped), clean, ""));
    CLUSE_TRY(id, insert(tx, actor, clean, std::nullopt, std::nullopt, now));
    note(tx, actor, journal::Verb::term_added, id, clean.wordings.front().word, now);
    return again(tx, *shipped, id.to_string());
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

Task<Result<Term>> Terms::change(Actor actor, std::string id, TermContent content) {
  CLUSE_CO_CHECK(check_may(actor));
  CLUSE_CO_TRY(clean, cleaned(std::move(content)));
  auto body = [actor, shipped = shipped_, id = std::move(id), clean = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Term> {
    const auto all = read_all(tx, *shipped);
    CLUSE_TRY(kept, must_find(all, id));
    CLUSE_CHECK(check_against(all, clean, id));
    std::optional<Id> row = kept.row;
    if (row) {
      tx.run(
          "UPDATE term SET field = ?, confused_with = ?, warning_fr = ?, warning_de = ?, updated_at = ?, "
          "updated_by = ? WHERE id = ?",
          {clean.field, joined(clean.confused_with), clean.warning_fr, clean.warning_de, now, actor.person_id, *row});
      put_wordings(tx, *row, clean.wordings);
    } else {
      CLUSE_TRY(made, insert(tx, actor, clean, id, std::nullopt, now));
      row = made;
    }
    note(tx, actor, journal::Verb::term_changed, row, clean.wordings.front().word, now);
    return again(tx, *shipped, id);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<void>> Terms::withdraw(Actor actor, std::string id) {
  CLUSE_CO_CHECK(check_may(actor));
  auto body = [actor, shipped = shipped_, id = std::move(id),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(kept, must_find(read_all(tx, *shipped), id));
    if (kept.term.withdrawn_at) return {};
    std::optional<Id> row = kept.row;
    if (row) {
      tx.run("UPDATE term SET withdrawn_at = ?, updated_at = ?, updated_by = ? WHERE id = ?",
             {now, now, actor.person_id, *row});
    } else {
      CLUSE_TRY(made, insert(tx, actor, content_of(kept.term), id, now, now));
      row = made;
    }
    note(tx, actor, journal::Verb::term_withdrawn, row, kept.term.wordings.front().word, now);
    return {};
  };
  auto withdrawn = co_await environment_.database.write(std::move(body));
  co_return withdrawn;
}

Task<Result<Term>> Terms::restore(Actor actor, std::string id) {
  CLUSE_CO_CHECK(check_may(actor));
  auto body = [actor, shipped = shipped_, id = std::move(id),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Term> {
    const auto all = read_all(tx, *shipped);
    CLUSE_TRY(kept, must_find(all, id));
    if (!kept.row || (!kept.term.withdrawn_at && !kept.term.is_shipped)) return kept.term;
    // Meanwhile another term may have taken its word.
    CLUSE_CHECK(check_against(all, content_of(kept.term.withdrawn_at ? kept.term : *shipped->find(id)), id));
    if (kept.term.withdrawn_at && (kept.term.is_changed || !kept.term.is_shipped)) {
      tx.run("UPDATE term SET withdrawn_at = NULL, updated_at = ?, updated_by = ? WHERE id = ?",
             {now, actor.person_id, *kept.row});
    } else {
      tx.run("DELETE FROM term_wording WHERE term_id = ?", {*kept.row});
      tx.run("DELETE FROM term WHERE id = ?", {*kept.row});
    }
    note(tx, actor, journal::Verb::term_restored, kept.row, kept.term.wordings.front().word, now);
    return again(tx, *shipped, id);
  };
  auto restored = co_await environment_.database.write(std::move(body));
  co_return restored;
}

}  // namespace cluse::domain::terms
