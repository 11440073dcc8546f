#include "server/domain/rules/library.h"

#include <algorithm>

namespace cluse::domain::rules {
namespace {

/// Two versions of one pack must not both be in force on a day, nor share a version.
Result<void> check_neighbours(const Pack& earlier, const Pack& later) {
  if (earlier.stamp.id != later.stamp.id) return {};
  const std::string names = later.stamp.id + ": versions " + earlier.stamp.version + " and " + later.stamp.version;
  if (!earlier.valid_until || *earlier.valid_until >= later.valid_from) {
    return fail(Errc::invalid, "rule_pack_overlap",
                names + " are both in force on " + calendar::to_string(later.valid_from), "valid_from");
  }
  return {};
}

}  // namespace

Result<Library> Library::load(const std::filesystem::path& folder) {
  CLUSE_TRY(book, calendar::HolidayBook::load(folder / "holidays"));
  CLUSE_TRY(files, data_file::read_folder(folder / "packs"));
  return read(files, std::move(book));
}

Result<Library> Library::read(const std::vector<data_file::File>& files, calendar::HolidayBook book) {
  Library library;
  library.book_ = std::move(book);
  for (const data_file::File& file : files) {
    CLUSE_TRY(pack, read_pack(file, library.book_));
    const bool twice = std::ranges::any_of(library.packs_, [&](const Pack& other) {
      return other.stamp.id == pack.stamp.id && other.stamp.version == pack.stamp.version;
    });
    if (twice) {
      return fail(Errc::invalid, "rule_pack_overlap",
                  file.name + ": " + pack.stamp.id + " version " + pack.stamp.version + " stands in another file too",
                  "version");
    }
    library.packs_.push_back(std::move(pack));
  }
  std::ranges::sort(library.packs_, {}, [](const Pack& pack) { return std::pair(pack.stamp.id, pack.valid_from); });
  for (std::size_t i = 1; i < library.packs_.size(); ++i) {
    CLUSE_CHECK(check_neighbours(library.packs_[i - 1], library.packs_[i]));
  }
  return library;
}

Result<const Pack*> Library::in_force(std::string_view id, Date date) const {
  bool known = false;
  for (const Pack& pack : packs_) {
    if (pack.stamp.id != id) continue;
    known = true;
    if (pack.in_force_on(date)) return &pack;
  }
  if (!known) return fail(Errc::not_found, "rule_pack_unknown", "there is no rule pack " + std::string(id));
  return fail(Errc::not_found, "rule_pack_none_in_force",
              "no version of " + std::string(id) + " covers " + calendar::to_string(date));
}

Result<const Pack*> Library::find(const Stamp& stamp) const {
  const auto found = std::ranges::find_if(
      packs_, [&](const Pack& pack) { return pack.stamp.id == stamp.id && pack.stamp.version == stamp.version; });
  if (found == packs_.end()) {
    return fail(Errc::not_found, "rule_pack_unknown", "there is no " + stamp.id + " version " + stamp.version);
  }
  if (found->stamp.hash != stamp.hash) {
    return fail(Errc::conflict, "rule_pack_altered",
                stamp.id + " version " + stamp.version + " has changed since: " + found->stamp.hash);
  }
  return &*found;
}

}  // namespace cluse::domain::rules
