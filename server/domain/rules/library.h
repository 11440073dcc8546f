// All rule packs of an instance: which one is in force on a day, and which one judged a decision. Errors: see pack.h.
#pragma once

#include "server/domain/rules/pack.h"

namespace cluse::domain::rules {

/// All packs of an instance, with the holidays they count by. Immutable; share it between threads.
class Library {
 public:
  /// Reads `<folder>/packs` and `<folder>/holidays`. Blocking.
  [[nodiscard]] static Result<Library> load(const std::filesystem::path& folder);
  [[nodiscard]] static Result<Library> read(const std::vector<data_file::File>& packs, calendar::HolidayBook book);

  /// The pack of that id that is in force on a day. `rule_pack_unknown`: there is no such id;
  /// `rule_pack_none_in_force`: no version covers that day, and none is guessed. The pack lives as long as the library.
  [[nodiscard]] Result<const Pack*> in_force(std::string_view id, Date date) const;

  /// The very pack that judged a decision. `rule_pack_altered`: that version is there, but its data has changed since.
  [[nodiscard]] Result<const Pack*> find(const Stamp& stamp) const;

  [[nodiscard]] const std::vector<Pack>& packs() const { return packs_; }  ///< by id, then by validity
  [[nodiscard]] const calendar::HolidayBook& holidays() const { return book_; }

 private:
  std::vector<Pack> packs_;
  calendar::HolidayBook book_;
};

}  // namespace cluse::domain::rules
