#include "server/domain/data_file/fields.h"
#include "server/domain/terms/term.h"
#include "server/domain/text.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace cluse::domain::terms {
namespace {

using data_file::Complaints;
using data_file::Fields;

constexpr std::string_view kCode = "terms_malformed";

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 40 &&
         std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::string limited(Fields& fields, std::string_view key, std::size_t max, bool required) {
  std::string text = required ? fields.text(key) : fields.text_or(key, "");
  if (characters(text) > max) fields.complain(key, "is too long");
  return text;
}

Wording read_wording(Fields& fields) {
  Wording wording;
  wording.language = fields.text("language");
  if (std::ranges::find(kLanguages, wording.language) == kLanguages.end())
    fields.complain("language", "must be one of \"fr-FR\" \"fr-CH\" \"de-CH\"");
  wording.word = limited(fields, "word", kWordMax, true);
  if (fields.has("forms")) wording.forms = fields.texts("forms");
  if (wording.forms.size() > kFormsMax) fields.complain("forms", "are too many");
  wording.is_rendering = fields.flag_or("rendering", false);
  wording.definition = limited(fields, "definition", kDefinitionMax, !wording.is_rendering);
  wording.source = limited(fields, "source", kSourceMax, !wording.is_rendering);
  fields.finish();
  return wording;
}

Term read_term(Fields& fields) {
  Term term;
  term.is_shipped = true;
  term.id = fields.text("id");
  if (!is_id(term.id)) fields.complain("id", "must be a word of a-z, 0-9 and -");
  term.field = fields.text("field");
  if (std::ranges::find(kFields, term.field) == kFields.end()) fields.complain("field", "is none of the fields");
  if (fields.has("confused_with")) term.confused_with = fields.texts("confused_with");
  term.warning_fr = limited(fields, "warning_fr", kWarningMax, false);
  term.warning_de = limited(fields, "warning_de", kWarningMax, false);
  if (term.warning_fr.empty() != term.warning_de.empty()) fields.complain("warning_fr", "is said in one language only");
  std::set<std::string> languages;
  for (Fields& entry : fields.tables("wording")) {
    term.wordings.push_back(read_wording(entry));
    if (!languages.insert(term.wordings.back().language).second) entry.complain("language", "stands twice");
  }
  // In the order in which they are shown, whatever that of the file: as those of a changed term are read.
  std::ranges::sort(term.wordings, {},
                    [](const Wording& each) { return std::ranges::find(kLanguages, each.language); });
  if (term.wordings.empty()) fields.complain("wording", "is missing; at least one [[term.wording]] is expected");
  fields.finish();
  return term;
}

Result<void> read_file(const data_file::File& file, std::vector<Term>& into) {
  CLUSE_TRY(tree, data_file::parse(file.text, file.name, kCode));
  Complaints complaints(file.name, kCode);
  Fields fields(tree, "", 1, complaints);
  for (Fields& entry : fields.tables("term")) {
    Term term = read_term(entry);
    if (std::ranges::any_of(into, [&](const Term& other) { return other.id == term.id; }))
      entry.complain("id", "\"" + term.id + "\" stands twice");
    into.push_back(std::move(term));
  }
  fields.finish();
  return complaints.result();
}

bool is_in_language(std::string_view wanted, std::string_view language) {
  return wanted.empty() || language == wanted || (language.starts_with(wanted) && language[wanted.size()] == '-');
}

}  // namespace

Result<std::shared_ptr<const Glossary>> Glossary::load(const std::filesystem::path& folder) {
  CLUSE_TRY(files, data_file::read_folder(folder));
  return read(files);
}

Result<std::shared_ptr<const Glossary>> Glossary::read(const std::vector<data_file::File>& files) {
  auto glossary = std::make_shared<Glossary>();
  for (const auto& file : files) CLUSE_CHECK(read_file(file, glossary->terms_));
  for (const Term& term : glossary->terms_)
    for (const auto& other : term.confused_with)
      if (glossary->find(other) == nullptr)
        return fail(Errc::invalid, kCode, term.id + ": there is no term \"" + other + "\"", "confused_with");
  return glossary;
}

const Term* Glossary::find(std::string_view id) const {
  const auto found = std::ranges::find_if(terms_, [&](const Term& term) { return term.id == id; });
  return found == terms_.end() ? nullptr : &*found;
}

void sort(std::vector<Term>& terms) {
  // By what it is called where it exists.
  const auto word = [](const Term& term) -> std::string {
    const auto real = std::ranges::find(term.wordings, false, &Wording::is_rendering);
    return real == term.wordings.end() ? term.id : fold(real->word);
  };
  const auto key = [&](const Term& term) { return std::tuple(!term.is_false_friend(), word(term), term.id); };
  std::ranges::sort(terms, {}, key);
}

bool matches(const Term& term, std::string_view query, std::string_view language) {
  std::string hay;
  bool spoken = false;
  for (const auto& wording : term.wordings) {
    if (!is_in_language(language, wording.language)) continue;
    spoken = true;
    hay += ' ' + wording.word + ' ' + wording.definition;
    for (const auto& form : wording.forms) hay += ' ' + form;
  }
  if (!spoken) return false;
  hay = fold(hay);
  const std::string words = fold(query);
  for (std::size_t at = 0; at < words.size();) {
    const auto space = std::min(words.find(' ', at), words.size());
    if (hay.find(words.substr(at, space - at)) == std::string::npos) return false;
    at = space + 1;
  }
  return true;
}

}  // namespace cluse::domain::terms
