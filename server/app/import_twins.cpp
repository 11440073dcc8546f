#include "server/app/import_twins.h"

#include "server/base/bytes.h"
#include "server/domain/content/content.h"
#include "server/domain/twins/state.h"
#include "server/domain/twins/twins.h"

#include <algorithm>
#include <map>

namespace cluse::app {
namespace {

namespace twins = domain::twins;

crdt::Value text_value(std::string text) {
  return {std::move(text)};
}

twins::Unit said(const std::string& words) {
  crdt::XmlNode text, block;
  text.text = words;
  block.name = "paragraph";
  block.children = {text};
  return twins::units_of({block}).front();
}

Result<std::vector<twins::Unit>> units_in(storage::Transaction& tx, Id document) {
  CLUSE_TRY(text, domain::content::load(tx, document.to_string()));
  return twins::units_of(text.xml("default"));
}

std::map<std::int64_t, std::string> stale_in(const toml::table& entry) {
  std::map<std::int64_t, std::string> stale;
  if (const auto* list = entry["stale"].as_array())
    for (const auto& each : *list)
      if (const auto* one = each.as_table())
        stale[(*one)["block"].value_or(std::int64_t{0})] = (*one)["before"].value_or(std::string());
  return stale;
}

bool is_listed(const toml::table& entry, std::string_view name, std::int64_t block) {
  const auto* list = entry[name].as_array();
  if (list == nullptr) return false;
  return std::any_of(list->begin(), list->end(),
                     [block](const toml::node& each) { return each.value_or<std::int64_t>(0) == block; });
}

}  // namespace

void name_blocks(std::vector<crdt::XmlNode>& nodes, const toml::table& entry) {
  const auto* numbers = entry["blocks"].as_array();
  std::size_t at = 0;
  const auto name = [&](crdt::XmlNode& node) {
    auto number = static_cast<std::int64_t>(++at);
    if (numbers != nullptr) number = at <= numbers->size() ? (*numbers)[at - 1].value_or<std::int64_t>(0) : 0;
    const std::string id = number > 0 ? "p" + std::to_string(number) : "own" + std::to_string(at);
    node.attributes["block"] = text_value(id);
  };
  for (auto& node : nodes) {
    if (node.name == "bulletList" || node.name == "orderedList" || node.name == "taskList") {
      std::ranges::for_each(node.children, name);
    } else if (node.name != "horizontalRule") {
      name(node);
    }
  }
}

Result<void> import_twin(storage::Transaction& tx, const toml::table& entry, const ImportedTwin& twin) {
  CLUSE_TRY(source, units_in(tx, twin.source));
  CLUSE_TRY(own, units_in(tx, twin.document));
  const auto stale = stale_in(entry);
  CLUSE_TRY(text, domain::content::load(tx, twin.document.to_string()));
  std::uint32_t client = 0;
  fill_random({reinterpret_cast<unsigned char*>(&client), sizeof client});
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto mine = std::ranges::find(own, source[i].id, &twins::Unit::id);
    if (mine == own.end()) continue;
    const auto block = static_cast<std::int64_t>(i + 1);
    const auto before = stale.find(block);
    const twins::Unit then = before == stale.end() ? source[i] : said(before->second);
    crdt::ValueMap mark{{"source", text_value(then.hash)},
                        {"own", text_value(mine->hash)},
                        {"text", text_value(then.text)},
                        {"review", {is_listed(entry, "review", block)}},
                        {"by", text_value(twin.translator ? twin.translator->to_string() : "")},
                        {"at", {static_cast<double>(twin.at.ms)}}};
    CLUSE_TRY(update, text.set_map(client, twins::kMarksRoot, source[i].id, {std::move(mark)}));
    domain::content::append(tx, twin.document.to_string(), update);
  }
  tx.run("INSERT INTO twin_set (source_id, authentic, created_at) VALUES (?, ?, ?) ON CONFLICT (source_id) DO NOTHING",
         {twin.source, domain::kAuthenticNone, twin.at});
  tx.run("INSERT INTO twin (document_id, source_id, created_at, created_by) VALUES (?, ?, ?, ?)",
         {twin.document, twin.source, twin.at, twin.translator});
  return {};
}

}  // namespace cluse::app
