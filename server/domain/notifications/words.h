// What notifications say, in French and German. One sentence serves the centre, the mail and the digest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cluse::domain::notifications {

/// What a sentence may name. Names are as they are now.
struct Said {
  std::string kind, language;
  std::vector<std::string> people;  ///< who did it, the latest first
  std::int64_t times = 1;
  bool is_workspace = false;  ///< the line is about a workspace, and stands for several documents in it
  std::string workspace;      ///< its name
  std::string role, scope;    ///< of access that was given
  std::string name, day;      ///< who asks; the last day of a mandate (ISO)
};

/// One sentence without its subject, which stands above it; empty for a kind that is unknown.
[[nodiscard]] std::string sentence_of(const Said& said);
/// What stands above where there is no document and no workspace.
[[nodiscard]] std::string title_of(const Said& said);

/// "Anne", "Anne et Paul", "Anne et 3 autres personnes".
[[nodiscard]] std::string list_of_people(const std::vector<std::string>& people, const std::string& language);
/// "12.12.2026".
[[nodiscard]] std::string day_words(const std::string& iso);

}  // namespace cluse::domain::notifications
