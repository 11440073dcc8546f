// Work for later, each a job of plugin.toml. A job may come twice. Thread: the lane.
#pragma once

#include "../app.h"

#include <memory>
#include <vector>

namespace annuaires::jobs {

/// The rows of the file that is being brought in, kept between the pieces of the work.
struct OpenFile {
  Id import = 0;
  std::vector<std::vector<std::string>> rows;
};

/// {import, step: check | apply | undo, at}: goes on for a moment, then leaves the lane to others.
void import(Context& context, const Value& body, std::unique_ptr<OpenFile>& file);
/// Entries that have changed, told to the search of the instance.
void index(Context& context);
/// {directory, after}: derives the entries of a directory anew.
void project(Context& context, const Value& body);
/// Those that are due are asked; again within the hour, or at once where there are more.
void reminders(Context& context);
/// {change}: whoever proposed it is told what became of it.
void tell(Context& context, const Value& body);

/// Somebody was erased: entries no longer name the account, and nothing says who did what.
void forget_person(Context& context, const Value& notice);

}  // namespace annuaires::jobs
