#include "server/domain/translation/translation.h"

#include "server/domain/documents/document_rows.h"
#include "server/domain/text.h"
#include "server/domain/twins/twin_rows.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::translation {
namespace {

struct Way {
  std::string source, target;
};

std::string primary(const std::string& language) {
  return language.substr(0, language.find('-'));
}

Result<std::vector<std::string>> cleaned(const std::vector<std::string>& passages) {
  if (passages.empty()) return fail(Errc::invalid, "field_missing", "", "passages");
  if (passages.size() > kPassagesMax) return fail(Errc::invalid, "field_too_long", "", "passages");
  std::vector<std::string> clean;
  std::size_t total = 0;
  for (const auto& each : passages) {
    CLUSE_TRY(text, clean_text(each, "passages", kPassageCharactersMax));
    if (text.empty()) return fail(Errc::invalid, "field_missing", "", "passages");
    total += characters(text);
    clean.push_back(std::move(text));
  }
  if (total > kCharactersMax) return fail(Errc::invalid, "field_too_long", "", "passages");
  return clean;
}

}  // namespace

Translation::Translation(Environment environment, TranslationSettings settings)
    : environment_(environment), settings_(std::move(settings)) {}

Translation::~Translation() {
  stop();
}

void Translation::stop() {
  if (settings_.translator) settings_.translator->stop();
  threads_.stop();
}

Task<Result<std::vector<std::string>>> Translation::translate(Actor actor, Question question) {
  if (!settings_.translator) co_return fail(Errc::conflict, "translation_off");
  CLUSE_CO_TRY(passages, cleaned(question.passages));
  auto body = [this, actor, document = question.document, count = passages.size(),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Way> {
    CLUSE_TRY(own, require_text(tx, actor, document));
    const auto source = source_of(tx, document);
    if (!source) return fail(Errc::conflict, "twin_not_linked");
    CLUSE_TRY(about, require_document(tx, actor, *source, Role::reader));
    const Way way{primary(about.language), primary(own.language)};
    for (const auto& language : {way.source, way.target})
      if (std::ranges::find(settings_.languages, language) == settings_.languages.end())
        return fail(Errc::conflict, "translation_language", language);
    if (way.source == way.target) return fail(Errc::conflict, "translation_language", way.source);
    note(tx, actor, journal::Verb::document_machine_translated, document, own.workspace_id, now,
         {{"title", own.title}, {"provider", host()}, {"passages", std::to_string(count)}});
    return way;
  };
  auto way = co_await environment_.database.write(std::move(body));
  if (!way) co_return std::unexpected(std::move(way).error());
  auto work = [translator = settings_.translator, way = *way, format = question.format, asked = std::move(passages)]() {
    return translator->translate(asked, format, way.source, way.target);
  };
  auto said = co_await threads_.run(std::move(work));
  co_return said;
}

}  // namespace cluse::domain::translation
