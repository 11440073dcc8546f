// Finder: the start page and the quick search, over everything that a person may see.
#pragma once

#include "server/domain/documents/documents.h"
#include "server/domain/workspaces/workspaces.h"

#include <string>
#include <vector>

namespace cluse::domain {

struct Home {
  std::vector<Document> recent, writing_now;
  std::vector<Workspace> workspaces;
};

struct Findings {
  std::vector<Document> documents;
  std::vector<Workspace> workspaces;
  std::vector<Person> people;
};

/// Thread: any. Shows nothing of workspaces that the actor is a stranger to, and nothing of the trash.
class Finder {
 public:
  explicit Finder(Environment environment) : environment_(environment) {}

  Task<Result<Home>> home(Actor actor);
  /// By title or name, at most 8 of each. An empty query gives what the actor opened last.
  Task<Result<Findings>> find(Actor actor, std::string query);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
