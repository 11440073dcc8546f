#include "server/domain/rules/rulebook.h"

namespace cluse::domain::rules {

Result<std::shared_ptr<const Rulebook>> Rulebook::load(const std::filesystem::path& folder) {
  CLUSE_TRY(library, Library::load(folder));
  CLUSE_TRY(catalogue, Catalogue::load(folder / "messages.toml"));
  return std::make_shared<const Rulebook>(Rulebook{std::move(library), std::move(catalogue)});
}

Result<const Pack*> Rulebook::version(std::string_view id, std::string_view version) const {
  for (const Pack& pack : library.packs())
    if (pack.stamp.id == id && pack.stamp.version == version) return &pack;
  return fail(Errc::not_found, "rule_pack_unknown", std::string(id) + " " + std::string(version));
}

std::vector<std::string> Rulebook::in_force(Date date) const {
  std::vector<std::string> names;
  for (const Pack& pack : library.packs())
    if (pack.in_force_on(date)) names.push_back(pack.stamp.id + " " + pack.stamp.version);
  return names;
}

}  // namespace cluse::domain::rules
