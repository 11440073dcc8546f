// Documents and folders: the tree of a workspace, and its trash.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/people.h"
#include "server/domain/workspaces/access.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain {

enum class DocumentKind { document, folder };

[[nodiscard]] std::string_view to_text(DocumentKind kind);
[[nodiscard]] std::optional<DocumentKind> parse_document_kind(std::string_view text);

/// How the language of a document came to be known.
enum class LanguageOrigin {
  chosen,    ///< by a person
  assumed,   ///< that of the workspace, until there is enough text to tell
  detected,  ///< from its text
};

[[nodiscard]] std::string_view to_text(LanguageOrigin origin);

struct Document {
  /// One of the documents that say the same in several languages.
  struct Version {
    Id id;
    std::string language;
  };

  Id id, workspace_id;
  std::optional<Id> parent_id;
  DocumentKind kind = DocumentKind::document;
  std::string title, language;
  double position = 0;
  Instant created_at, updated_at;
  std::optional<Person> created_by, updated_by;
  std::optional<Instant> trashed_at;
  std::vector<Person> writers;  ///< who has it open now
  std::string workspace_name;
  std::optional<Role> my_role;  ///< set by Documents::find
  LanguageOrigin language_origin = LanguageOrigin::chosen;
  std::vector<Version> versions;  ///< set by Finder: all that the reader may read, the source first; none if alone
};

/// What a person may know of a document before she opens it: for rooms.
struct DocumentAccess {
  Id workspace_id;
  DocumentKind kind = DocumentKind::document;
  std::string title, language;
  Role role = Role::reader;
  bool trashed = false;
};

struct DocumentLimits {
  std::size_t per_workspace_max = 20'000;  ///< those in the trash count
  std::size_t depth_max = 32;              ///< of the tree
};

struct NewDocument {
  Id workspace_id;
  std::string title;
  DocumentKind kind = DocumentKind::document;
  std::optional<Id> parent_id;
  std::optional<std::string> language;       ///< the workspace's if absent, until the text says another
  std::optional<Id> after_id;                ///< last if absent
  std::optional<std::string> detected = {};  ///< what the text seems to be written in, where no language is chosen
};

struct DocumentChange {
  std::optional<std::string> title, language;
};

struct DocumentMove {
  std::optional<Id> parent_id;  ///< the top if absent
  std::optional<Id> after_id;   ///< first if absent
};

/// Trashed or not. Code "document_not_found" for strangers too. Thread: the one that runs the closure.
[[nodiscard]] Result<DocumentAccess> access_document(storage::Snapshot& snapshot, const Actor& actor, Id document);

/// The same for a live document and a role of at least `needed`: also "denied" and "document_trashed".
[[nodiscard]] Result<DocumentAccess> require_document(storage::Snapshot& snapshot, const Actor& actor, Id document,
                                                      Role needed);

/// Notes that `person` changed the content, under the mandate `hat` if she wears one: here and in the journal. Inside
/// the transaction that writes the update.
void mark_edited(storage::Transaction& tx, Id document, Id person, std::optional<Id> hat, Instant at);

/// Thread: any. Strangers get "workspace_not_found" or "document_not_found", members without the right "denied";
/// what is in the trash answers "document_trashed".
class Documents {
 public:
  Documents(Environment environment, DocumentLimits limits) : environment_(environment), limits_(limits) {}

  /// All that live in the workspace, by position.
  Task<Result<std::vector<Document>>> list(Actor actor, Id workspace);
  /// What was put into the trash, latest first; what went with it is not listed by itself.
  Task<Result<std::vector<Document>>> trash(Actor actor, Id workspace);
  /// Remembers that the actor opened it.
  Task<Result<Document>> find(Actor actor, Id document);
  /// For rooms: as access_document.
  Task<Result<DocumentAccess>> access(Actor actor, Id document);

  /// Editors, from here on. Codes: those of fields, "too_many_documents".
  Task<Result<Document>> add(Actor actor, NewDocument document);
  Task<Result<Document>> change(Actor actor, Id document, DocumentChange change);
  /// Codes: "move_into_itself", "field_invalid" (a parent or sibling that is not there).
  Task<Result<Document>> move(Actor actor, Id document, DocumentMove move);
  /// Where no language was chosen: tells it from the text, once there is enough of it (language/detect.h). Else, and
  /// where the text does not tell, nothing changes. Codes: "content_damaged".
  Task<Result<Document>> detect_language(Actor actor, Id document);

  /// Into the trash with everything under it. Nothing happens if it is there already.
  Task<Result<void>> remove(Actor actor, Id document);
  /// Back with what went with it: under its parent if that lives, else at the top. Nothing happens to a live one.
  Task<Result<Document>> restore(Actor actor, Id document);
  /// Managers: for good, with what went into the trash with it, content and images. Code: "document_not_trashed".
  Task<Result<void>> purge(Actor actor, Id document);

 private:
  Task<void> remove_unused_blobs(std::vector<std::string> names);

  const Environment environment_;
  const DocumentLimits limits_;
};

}  // namespace cluse::domain
