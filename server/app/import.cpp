#include "server/app/import.h"

#include "server/app/import_rights.h"
#include "server/app/import_twins.h"
#include "server/base/bytes.h"
#include "server/base/id.h"
#include "server/domain/content/content.h"
#include "server/domain/identity/people.h"
#include "server/domain/journal/journal.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/organisations/organisation_rows.h"
#include "server/domain/rates/rates.h"
#include "server/domain/richtext/richtext.h"
#include "server/domain/territories/load.h"
#include "server/domain/text.h"

#include <toml++/toml.h>

#include <fstream>
#include <map>
#include <sstream>

namespace cluse::app {
namespace {

namespace content = domain::content;
namespace journal = domain::journal;
namespace richtext = domain::richtext;
using Ids = std::map<std::string, Id>;

Result<toml::table> read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "demo.toml";
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    std::ostringstream words;
    words << file.string() << ", line " << error.source().begin.line << ": " << error.description();
    return fail(Errc::invalid, std::filesystem::exists(file) ? "import_malformed" : "import_unreadable", words.str());
  }
}

std::string text(const toml::table& entry, std::string_view key, std::string_view otherwise = {}) {
  return entry[key].value_or(std::string(otherwise));
}

std::vector<const toml::table*> entries(const toml::table& parent, std::string_view key) {
  std::vector<const toml::table*> found;
  if (const toml::array* list = parent[key].as_array()) {
    for (const toml::node& node : *list) {
      if (const toml::table* table = node.as_table()) found.push_back(table);
    }
  }
  return found;
}

/// Brings one folder in. Lives inside one transaction.
class Importer {
 public:
  Importer(storage::Transaction& transaction, const std::filesystem::path& folder, const std::string& password_hash,
           Instant now)
      : transaction_(transaction), folder_(folder), password_hash_(password_hash), now_(now) {}

  Result<ImportReport> import(const toml::table& manifest) {
    for (const auto* entry : entries(manifest, "territory")) CLUSE_CHECK(territory(*entry));
    if (const auto* data = manifest["territories"].as_table()) CLUSE_CHECK(public_data(*data));
    for (const auto* entry : entries(manifest, "rates")) CLUSE_CHECK(rates(*entry));
    for (const auto* entry : entries(manifest, "organisation")) CLUSE_CHECK(organisation(*entry));
    for (const auto* entry : entries(manifest, "organisation")) CLUSE_CHECK(relations(*entry));
    for (const auto* entry : entries(manifest, "person")) CLUSE_CHECK(person(*entry));
    for (const auto* entry : entries(manifest, "mandate")) CLUSE_CHECK(mandate(*entry));
    for (const auto* entry : entries(manifest, "workspace")) CLUSE_CHECK(workspace(*entry));
    CLUSE_CHECK(
        import_rights(transaction_, manifest, {people_, organisations_, mandates_, territories_, workspaces_}, now_));
    return std::move(report_);
  }

 private:
  static std::unexpected<Error> malformed(const std::string& what, const std::string& why) {
    return fail(Errc::invalid, "import_malformed", what + ": " + why);
  }

  static Result<Id> reference(const Ids& ids, const std::string& key, const std::string& what) {
    const auto found = ids.find(key);
    if (found == ids.end()) return malformed(what, "refers to \"" + key + "\", which is not there");
    return found->second;
  }

  /// A new id under `key`; each kind has its own keys.
  Result<Id> remember(Ids& ids, const toml::table& entry, const std::string& what) {
    const std::string key = text(entry, "key");
    if (key.empty()) return malformed(what, "an entry has no key");
    const Id id = new_id(now_);
    if (!ids.emplace(key, id).second) return malformed(what, "the key \"" + key + "\" stands twice");
    return id;
  }

  Result<void> territory(const toml::table& entry) {
    CLUSE_TRY(id, remember(territories_, entry, "territory"));
    CLUSE_TRY(name, domain::clean_line(text(entry, "name"), "name", domain::kTitleCharactersMax));
    transaction_.run("INSERT INTO territory (id, name, name_folded, short, created_at) VALUES (?, ?, ?, ?, ?)",
                     {id, name, domain::fold(name), text(entry, "short"), now_});
    domain::territories::adopt_hosted_territories(transaction_);
    note({}, journal::Verb::territory_added, journal::ObjectKind::territory, id, {}, "name", name);
    ++report_.territories;
    return {};
  }

  /// Public data of territories: a folder with the four files, and the day whose borders they show.
  Result<void> public_data(const toml::table& entry) {
    const auto as_of = parse_civil_date(text(entry, "as_of"));
    if (!as_of) return malformed("territories", "as_of is not a day");
    auto data = domain::territories::read_directory(folder_ / text(entry, "folder"), *as_of);
    for (const auto& bad : data.bad)
      return malformed("territories", bad.file + ", line " + std::to_string(bad.line) + ": " + bad.reason);
    CLUSE_CHECK(domain::territories::load(transaction_, data, now_));
    return {};
  }

  Result<void> rates(const toml::table& entry) {
    const std::string name = text(entry, "file");
    std::ifstream stream(folder_ / name, std::ios::binary);
    if (!stream) return malformed("rates", "cannot read " + name);
    domain::RateFile file;
    file.name = std::filesystem::path(name).filename().string();
    file.bytes.assign(std::istreambuf_iterator<char>(stream), {});
    CLUSE_CHECK(domain::import_rates(transaction_, file, std::nullopt, now_));
    return {};
  }

  Result<void> organisation(const toml::table& entry) {
    const std::string key = text(entry, "key");
    if (key.empty()) return malformed("organisation", "an entry has no key");
    const domain::NewOrganisation fresh{text(entry, "name"), text(entry, "short_name"), text(entry, "country"),
                                        text(entry, "kind")};
    auto made = domain::find_or_add_organisation(transaction_, fresh, now_);
    if (!made) return malformed("organisation \"" + key + '"', made.error().field + " " + made.error().detail);
    organisations_[key] = made->id;
    ++report_.organisations;
    return {};
  }

  /// Parent, registry numbers and memberships: once every organisation is there.
  Result<void> relations(const toml::table& entry) {
    const std::string what = "organisation \"" + text(entry, "key") + '"';
    const Id id = organisations_.at(text(entry, "key"));
    domain::OrganisationContent content{text(entry, "name"),
                                        text(entry, "short_name"),
                                        text(entry, "country"),
                                        text(entry, "kind"),
                                        std::nullopt,
                                        std::nullopt,
                                        {}};
    if (const std::string key = text(entry, "parent"); !key.empty()) {
      CLUSE_TRY(found, reference(organisations_, key, what));
      content.parent_id = found;
    }
    for (const auto kind : domain::kOrganisationNumbers)
      if (std::string number = text(entry, domain::registry::code_of(kind)); !number.empty())
        content.numbers.push_back({kind, std::move(number)});
    if (auto done = domain::update_organisation(transaction_, id, content); !done)
      return malformed(what, std::string(done.error().code) + " " + done.error().field);
    for (const auto* each : entries(entry, "member_of")) {
      CLUSE_TRY(body, reference(organisations_, text(*each, "body"), what));
      const domain::NewMembership membership{body, text(*each, "first_day"), text(*each, "last_day")};
      if (auto done = domain::insert_membership(transaction_, id, membership, now_); !done)
        return malformed(what, std::string(done.error().code) + " " + done.error().field);
    }
    return {};
  }

  Result<void> mandate(const toml::table& entry) {
    const std::string what = "mandate of \"" + text(entry, "person") + '"';
    CLUSE_TRY(who, reference(people_, text(entry, "person"), what));
    CLUSE_TRY(where, reference(organisations_, text(entry, "organisation"), what));
    const auto quality = domain::parse_quality(text(entry, "quality", "technician"));
    const auto seat = domain::parse_seat(text(entry, "seat", "titular"));
    if (!quality || !seat) return malformed(what, "quality is elected or technician, seat titular or substitute");
    const domain::NewMandate fresh{where, text(entry, "function"),  *quality,
                                   *seat, text(entry, "first_day"), text(entry, "last_day")};
    if (auto made = domain::insert_mandate(transaction_, who, fresh, now_); !made)
      return malformed(what, std::string(made.error().code) + " " + made.error().field);
    else if (const std::string key = text(entry, "key"); !key.empty() && !mandates_.emplace(key, *made).second)
      return malformed(what, "the key \"" + key + "\" stands twice");
    ++report_.mandates;
    return {};
  }

  Result<void> person(const toml::table& entry) {
    const std::string key = text(entry, "key");
    if (key.empty()) return malformed("person", "an entry has no key");
    CLUSE_TRY(organisation, reference(organisations_, text(entry, "organisation"), "person \"" + key + '"'));
    domain::NewPerson fresh;
    fresh.name = text(entry, "name");
    fresh.function = text(entry, "function");
    fresh.email = text(entry, "email");
    fresh.ui_locale = text(entry, "ui_locale", "fr-FR");
    fresh.organisation_id = organisation;
    fresh.password_hash = password_hash_;
    fresh.is_admin = entry["admin"].value_or(false);
    auto made = domain::add_person(transaction_, fresh, now_);
    if (!made) return malformed("person \"" + key + '"', std::string(made.error().code));
    people_[key] = *made;
    report_.accounts.push_back({fresh.email, fresh.name, fresh.function, fresh.is_admin});
    ++report_.people;
    return {};
  }

  Result<void> workspace(const toml::table& entry) {
    const std::string what = "workspace \"" + text(entry, "key") + '"';
    CLUSE_TRY(id, remember(workspaces_, entry, "workspace"));
    CLUSE_TRY(territory, reference(territories_, text(entry, "territory"), what));
    const std::string name = text(entry, "name");
    const std::string language = text(entry, "language", "fr");
    transaction_.run(
        "INSERT INTO workspace (id, name, name_folded, description, territory_id, language, created_at, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {id, name, domain::fold(name), text(entry, "description"), territory, language, now_, now_});
    note({}, journal::Verb::workspace_created, journal::ObjectKind::workspace, id, id, "name", name);
    for (const auto* member : entries(entry, "member")) {
      CLUSE_TRY(who, reference(people_, text(*member, "person"), what));
      transaction_.run("INSERT INTO workspace_member (workspace_id, person_id, role, joined_at) VALUES (?, ?, ?, ?)",
                       {id, who, text(*member, "role", "editor"), now_});
      note({}, journal::Verb::member_added, journal::ObjectKind::person, who, id, "role",
           text(*member, "role", "editor"));
    }
    documents_.clear();
    double position = 0;
    for (const auto* document_entry : entries(entry, "document")) {
      CLUSE_CHECK(document(*document_entry, id, language, position += 1024));
    }
    ++report_.workspaces;
    return {};
  }

  Result<void> document(const toml::table& entry, const Id& workspace, const std::string& language, double position) {
    const std::string what = "document \"" + text(entry, "key") + '"';
    CLUSE_TRY(id, remember(documents_, entry, "document"));
    std::optional<Id> parent;
    if (const std::string key = text(entry, "parent"); !key.empty()) {
      CLUSE_TRY(found, reference(documents_, key, what));
      parent = found;
    }
    std::optional<Id> author, hat;
    if (const std::string key = text(entry, "created_by"); !key.empty()) {
      CLUSE_TRY(found, reference(people_, key, what));
      author = found;
      const std::string day = domain::organisations::today(now_);
      hat = domain::first_hat(transaction_, found, domain::mandates_of(transaction_, found, day));
    }
    CLUSE_TRY(title, domain::clean_line(text(entry, "title"), "title", domain::kTitleCharactersMax));
    // Later documents look older: the list of recent ones then starts with what stands first in the folder.
    const Instant at = now_ - std::chrono::minutes(37 * report_.documents);
    transaction_.run(
        "INSERT INTO document (id, workspace_id, parent_id, kind, title, title_folded, language, position, created_at, "
        "created_by, created_hat, updated_at, updated_by, updated_hat) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {id, workspace, parent, text(entry, "kind", "document"), title, domain::fold(title),
         text(entry, "language", language), position, at, author, hat, at, author, hat});
    note(author, journal::Verb::document_imported, journal::ObjectKind::document, id, workspace, "title", title);
    ++report_.documents;
    const std::string file = text(entry, "file"), source = text(entry, "translates");
    const bool has_twins = !source.empty() || entry["has_twins"].value_or(false);
    if (!file.empty()) CLUSE_CHECK(fill(id, folder_ / file, what, has_twins ? &entry : nullptr));
    if (source.empty()) return {};
    CLUSE_TRY(whole, reference(documents_, source, what));
    return import_twin(transaction_, entry, {id, whole, author, at});
  }

  void note(std::optional<Id> by, journal::Verb verb, journal::ObjectKind kind, Id object, std::optional<Id> workspace,
            const std::string& name, const std::string& value) {
    journal::append(transaction_, {{by, {}, {}}, verb, kind, object, workspace, now_, {{name, value}}});
  }

  Result<void> fill(const Id& document, const std::filesystem::path& file, const std::string& what,
                    const toml::table* twin) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return malformed(what, "cannot read " + file.string());
    const std::string markdown((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    CLUSE_TRY(nodes, richtext::from_markdown(markdown));
    if (twin != nullptr) name_blocks(nodes, *twin);
    crdt::Document content_document;
    std::uint32_t client = 0;
    fill_random({reinterpret_cast<unsigned char*>(&client), sizeof client});
    CLUSE_TRY(update, content_document.append_xml(client, "default", nodes));
    content::append(transaction_, document.to_string(), update);
    return {};
  }

  storage::Transaction& transaction_;
  const std::filesystem::path folder_;
  const std::string password_hash_;
  const Instant now_;
  Ids territories_, organisations_, people_, mandates_, workspaces_, documents_;
  ImportReport report_;
};

}  // namespace

Result<std::string> import_password(const std::filesystem::path& folder) {
  CLUSE_TRY(manifest, read_manifest(folder));
  return text(manifest, "password");
}

Result<ImportReport> import_folder(storage::Database& database, const std::filesystem::path& folder,
                                   const std::string& password_hash, const Clock& clock) {
  CLUSE_TRY(manifest, read_manifest(folder));
  auto body = [&](storage::Transaction& transaction) -> Result<ImportReport> {
    if (transaction.one("SELECT 1 FROM workspace LIMIT 1")) {
      return fail(Errc::conflict, "import_not_empty", "this instance has workspaces already; import into an empty one");
    }
    return Importer(transaction, folder, password_hash, clock.now()).import(manifest);
  };
  auto report = database.write_now(body);
  if (report) report->password = text(manifest, "password");
  return report;
}

}  // namespace cluse::app
