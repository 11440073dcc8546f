#include "server/plugin/services/documents.h"

#include "server/domain/content/content.h"
#include "server/domain/documents/document_rows.h"
#include "server/domain/richtext/richtext.h"
#include "server/domain/text.h"

#include <cluse/plugin.h>

#include <array>
#include <cstring>
#include <future>
#include <utility>

namespace cluse::plugin {

namespace content = domain::content;
namespace richtext = domain::richtext;
using crdt::XmlEdit;
using crdt::XmlNode;

/// Who asks for what, as the domain knows her.
struct DocumentsService::Asked {
  domain::Actor actor;
  const Value& body;
  Deadline deadline;
};

namespace {

constexpr std::string_view kRoot = "default";
constexpr std::string_view kTwin = "block";  // what ties a block to those of its translations

std::uint32_t random_client() {
  std::array<unsigned char, 4> bits{};
  fill_random(bits);
  std::uint32_t client = 0;
  std::memcpy(&client, bits.data(), bits.size());
  return client;
}

std::unexpected<Error> wrong(std::string detail) {
  return fail(Errc::invalid, "field_invalid", std::move(detail));
}

Result<Id> id_of(const Value& body, std::string_view key) {
  const auto id = Id::parse(body[key].as<std::string>());
  if (!id) return wrong(std::string(key) + ": not an id");
  return *id;
}

Result<std::vector<XmlNode>> blocks_from(const Value& block) {
  const auto type = block["type"].get_or<std::string>("paragraph");
  const auto text = block["text"].as<std::string>();
  if (type == "markdown") return richtext::from_markdown(text);
  XmlNode node;
  node.name = type;
  if (!text.empty()) node.children.push_back({"", {}, text, {}});
  if (type == "heading") {
    const auto level = block["level"].as<std::int64_t>();
    if (level < 1 || level > 4) return wrong("level: 1 to 4");
    node.attributes.emplace("level", crdt::Value{static_cast<double>(level)});
  } else if (type != "paragraph") {
    return wrong("type: \"paragraph\", \"heading\" or \"markdown\"");
  }
  return std::vector<XmlNode>{std::move(node)};
}

Value to_value(const crdt::XmlBlock& block) {
  std::string text = richtext::to_plain_text({block.node});
  while (text.ends_with('\n')) text.pop_back();
  Value shown = {{"id", block.id}, {"type", block.node.name}, {"text", std::move(text)}};
  const auto level = block.node.attributes.find("level");
  if (level != block.node.attributes.end())
    if (const auto* number = std::get_if<double>(&level->second.data))
      shown.set("level", static_cast<std::int64_t>(*number));
  return shown;
}

Result<XmlEdit> edit_from(const Value& operation) {
  const auto op = operation["op"].as<std::string>();
  if (op == "remove") return XmlEdit{XmlEdit::Kind::remove, operation["block"].as<std::string>(), {}};
  CLUSE_TRY(nodes, blocks_from(operation));
  if (op == "replace") return XmlEdit{XmlEdit::Kind::replace, operation["block"].as<std::string>(), std::move(nodes)};
  if (op == "insert")
    return XmlEdit{XmlEdit::Kind::insert, operation["after"].get_or<std::string>(""), std::move(nodes)};
  return wrong("op: \"insert\", \"replace\" or \"remove\"");
}

// What takes the place of a block of a translation stays tied to the blocks of the others.
void keep_twins(std::vector<XmlEdit>& edits, const crdt::Document& document) {
  const auto blocks = document.xml_blocks(kRoot);
  for (XmlEdit& edit : edits) {
    if (edit.kind != XmlEdit::Kind::replace || edit.nodes.empty()) continue;
    for (const auto& block : blocks)
      if (const auto twin = block.node.attributes.find(std::string(kTwin));
          block.id == edit.id && twin != block.node.attributes.end())
        edit.nodes.front().attributes.insert_or_assign(std::string(kTwin), twin->second);
  }
}

}  // namespace

std::int32_t DocumentsService::serve(const Caller& caller, std::string_view operation, const Value& body,
                                     Value& answer) {
  const auto person = caller.kind == Caller::Kind::person ? Id::parse(caller.user) : std::nullopt;
  if (!person) return refuse(answer, CLUSE_DENIED, "documents are read and edited for a person, within her rights");
  Asked asked{{}, body, caller.deadline};
  asked.actor.person_id = *person;
  asked.actor.locale = caller.locale;
  asked.actor.request_id = caller.plugin.id;  // the journal shows by what way it came
  const auto run = [&]() -> Result<Value> {
    if (operation == "read") return read(asked);
    if (operation == "list") return list(asked);
    if (operation == "create") return create(asked);
    return edit(asked);
  };
  if (operation != "read" && operation != "list" && operation != "create" && operation != "edit")
    return CLUSE_UNSUPPORTED;
  auto done = run();
  if (!done) return refuse(answer, done.error());
  answer = std::move(*done);
  return CLUSE_OK;
}

Result<Value> DocumentsService::read(const Asked& asked) {
  CLUSE_TRY(id, id_of(asked.body, "id"));
  return database_.read_now([&, id = id](storage::Snapshot& snapshot) -> Result<Value> {
    CLUSE_TRY(about, domain::require_document(snapshot, asked.actor, id, domain::Role::reader));
    CLUSE_TRY(text, content::load(snapshot, id.to_string()));
    Value blocks = Value::array();
    for (const auto& block : text.xml_blocks(kRoot)) blocks.add(to_value(block));
    return Value{{"id", id.to_string()},
                 {"title", about.title},
                 {"language", about.language},
                 {"workspace", about.workspace_id.to_string()},
                 {"blocks", std::move(blocks)}};
  });
}

Result<Value> DocumentsService::list(const Asked& asked) {
  CLUSE_TRY(workspace, id_of(asked.body, "workspace"));
  return database_.read_now([&, workspace = workspace](storage::Snapshot& snapshot) -> Result<Value> {
    CLUSE_CHECK(domain::require_role(snapshot, asked.actor, workspace, domain::Role::reader));
    Value documents = Value::array();
    for (const auto& row :
         snapshot.all("SELECT id, title, language, parent_id FROM document WHERE workspace_id = ? AND "
                      "kind = 'document' AND trashed_at IS NULL ORDER BY position, id LIMIT ?",
                      {workspace, static_cast<std::int64_t>(kListedDocumentsMax)})) {
      Value one = {{"id", row.text(0)}, {"title", row.text(1)}, {"language", row.text(2)}};
      if (!row.is_null(3)) one.set("parent", row.text(3));
      documents.add(std::move(one));
    }
    return Value{{"documents", std::move(documents)}};
  });
}

Result<Value> DocumentsService::create(const Asked& asked) {
  CLUSE_TRY(workspace, id_of(asked.body, "workspace"));
  domain::NewDocument made{workspace, domain::title_from(asked.body["title"].as<std::string>())};
  if (!asked.body["language"].is_null()) made.language = asked.body["language"].as<std::string>();
  std::vector<XmlNode> nodes;
  if (asked.body["blocks"].items().size() > kBlocksPerCallMax) return fail(Errc::too_many, "too_many_blocks");
  for (const Value& block : asked.body["blocks"].items()) {
    CLUSE_TRY(more, blocks_from(block));
    nodes.insert(nodes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  Bytes update;
  if (!nodes.empty()) {
    crdt::Document text;
    CLUSE_TRY(written, text.append_xml(random_client(), kRoot, nodes));
    update = std::move(written);
  }
  return database_.write_now([&, now = clock_.now()](storage::Transaction& tx) -> Result<Value> {
    CLUSE_CHECK(domain::require_role(tx, asked.actor, made.workspace_id, domain::Role::editor));
    CLUSE_TRY(id, domain::insert_document(tx, asked.actor, made, limits_, now));
    if (!update.empty()) content::append(tx, id.to_string(), update);
    return Value{{"id", id.to_string()}};
  });
}

Result<Value> DocumentsService::edit(const Asked& asked) {
  CLUSE_TRY(id, id_of(asked.body, "id"));
  const auto& operations = asked.body["operations"].items();
  if (operations.size() > kBlocksPerCallMax) return fail(Errc::too_many, "too_many_blocks");
  std::vector<XmlEdit> edits;
  for (const Value& operation : operations) {
    CLUSE_TRY(edit, edit_from(operation));
    edits.push_back(std::move(edit));
  }
  const auto allowed = database_.read_now([&, id = id](storage::Snapshot& snapshot) {
    return domain::require_document(snapshot, asked.actor, id, domain::Role::editor);
  });
  if (!allowed) return std::unexpected(allowed.error());
  const auto told = std::make_shared<std::promise<Result<void>>>();
  auto answered = told->get_future();
  auto make = [edits = std::move(edits)](const crdt::Document& document) -> Result<Bytes> {
    auto kept = edits;
    keep_twins(kept, document);
    return document.edit_xml(random_client(), kRoot, kept);
  };
  editor_.edit(id,
               {asked.actor.person_id, std::move(make), [told](const Result<void>& done) { told->set_value(done); }});
  // It may still come to pass: as with any call that is late, its author must look.
  if (answered.wait_until(asked.deadline) != std::future_status::ready)
    return fail(Errc::unavailable, "edit_not_confirmed");
  if (const auto done = answered.get(); !done) return std::unexpected(done.error());
  return Value::map();
}

}  // namespace cluse::plugin
