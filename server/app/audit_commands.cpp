// The commands about the journal and about personal data.

#include "server/app/commands.h"
#include "server/app/data_directory.h"
#include "server/domain/identity/people.h"
#include "server/domain/journal/chain.h"
#include "server/domain/records/personal_data.h"
#include "server/domain/text.h"

#include <fstream>
#include <iostream>

namespace cluse::app {
namespace {

namespace journal = domain::journal;

constexpr int kExportPage = 2'000;

std::string words(const journal::Finding& finding) {
  const std::string event = "event " + std::to_string(finding.sequence);
  switch (finding.fault) {
    case journal::Fault::altered: return event + " was altered";
    case journal::Fault::missing: return event + " is missing";
    case journal::Fault::moved: return event + " was moved: it stands at " + std::to_string(finding.found_at);
    case journal::Fault::cut: return event + " and all later ones were cut off";
    case journal::Fault::detail_altered: return "the details of " + event + " were altered";
    case journal::Fault::detail_missing: return "the details of " + event + " are gone, and no erasure says why";
  }
  return event;
}

Result<journal::Verdict> verify_in(const DataDirectory& data, const std::optional<journal::KnownHead>& known) {
  journal::Verdict verdict;
  CLUSE_CHECK(inspect(data, [&](storage::Snapshot& snapshot) -> Result<void> {
    verdict = journal::verify(snapshot, known);
    return {};
  }));
  return verdict;
}

Result<std::int64_t> export_into(const DataDirectory& data, std::ostream& stream) {
  std::int64_t last = 0;
  CLUSE_CHECK(inspect(data, [&](storage::Snapshot& snapshot) -> Result<void> {
    for (const auto layout = journal::layout_of(snapshot);;) {
      const auto records = journal::read_records(snapshot, last, kExportPage, layout);
      if (records.empty()) return {};
      for (const auto& record : records) stream << journal::to_json_line(record);
      last = records.back().sequence;
    }
  }));
  return last;
}

Result<void> erase_in(storage::Database& database, const std::string& email) {
  return database.write_now([&](storage::Transaction& tx) -> Result<void> {
    const auto row = tx.one("SELECT person_id FROM account WHERE email_folded = ?", {domain::fold_case(email)});
    if (!row) return fail(Errc::not_found, "person_not_found", email + ": nobody signs in with it");
    CLUSE_CHECK(domain::erase_person(tx, {}, row->id(0), SystemClock().now()));
    return {};
  });
}

}  // namespace

int audit_verify(const ConfigChoice& choice, const std::string& head) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  std::optional<journal::KnownHead> known;
  if (!head.empty()) {
    known = journal::parse_head(head);
    if (!known) return complain({Errc::invalid, "head_malformed", "--head: 64 hexadecimal digits, or N:digits", ""});
  }
  const auto verdict = verify_in(store_of(*config), known);
  if (!verdict) return complain(verdict.error());
  if (verdict->finding) {
    std::cout << "BROKEN: " << words(*verdict->finding) << " (" << verdict->events
              << " events before it are intact).\n";
    return 1;
  }
  std::cout << "intact: " << verdict->events << " events, the details of " << verdict->erased << " erased.\n"
            << "head " << verdict->events << ':' << verdict->head << '\n';
  return 0;
}

int audit_head(const ConfigChoice& choice) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  std::string head;
  const auto read = inspect(store_of(*config), [&](storage::Snapshot& snapshot) -> Result<void> {
    const auto last = journal::head_of(snapshot);
    head = std::to_string(last.sequence) + ":" + last.hash;
    return {};
  });
  if (!read) return complain(read.error());
  std::cout << head << '\n';
  return 0;
}

int audit_export(const ConfigChoice& choice, const std::filesystem::path& file) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  if (std::filesystem::exists(file))
    return complain({Errc::conflict, "file_exists", file.string() + " is there already", ""});
  std::ofstream stream(file, std::ios::binary);
  const auto last = export_into(store_of(*config), stream);
  if (!last) return complain(last.error());
  stream.close();
  if (!stream) return complain({Errc::storage_full, "storage_full", "cannot write " + file.string(), ""});
  std::cout << "Wrote events 1 to " << *last << " to " << file.string()
            << "; verify them with python3 tools/verify_journal.py " << file.string() << '\n';
  return 0;
}

int erase_user(const ConfigChoice& choice, const std::string& email) {
  const auto config = configure(choice);
  if (!config) return complain(config.error());
  Metrics metrics;
  auto database = open_store(store_of(*config), metrics);
  if (!database) return complain(database.error());
  const auto erased = erase_in(**database, email);
  (*database)->stop();  // empties the log of the database, where the old pages still are
  if (!erased) return complain(erased.error());
  std::cout << email << " is erased; what that person wrote stays. Backups made before still hold the name.\n";
  return 0;
}

}  // namespace cluse::app
