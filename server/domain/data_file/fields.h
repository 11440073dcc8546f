// Strict reading of a table: every key is asked for by kind and bounds, and a key nobody asked for is refused.
//
//     Complaints complaints{"fppt-2017.toml", "rule_pack_malformed"};
//     Fields fields(table, "", 1, complaints);
//     const std::string id = fields.text("id");
//     fields.finish();
//     CLUSE_CHECK(complaints.result());
//
// Readers go on after the first complaint with harmless values, so that loaders read like a list; nothing that was read
// may be used before `result()` says that all is well. Thread: any; a Fields borrows its table and its Complaints.
#pragma once

#include "server/domain/data_file/data_file.h"

#include <initializer_list>
#include <optional>
#include <set>
#include <utility>

namespace cluse::domain::data_file {

inline constexpr std::size_t kTextBytesMax = 4000;  ///< bytes of one value of text
inline constexpr std::size_t kItemsMax = 500;       ///< items of one list

/// Where the readers of one file leave the first thing that is wrong with it.
class Complaints {
 public:
  /// `code` is a string literal.
  Complaints(std::string file, std::string_view code) : file_(std::move(file)), code_(code) {}
  void add(int line, const std::string& key, std::string_view words, std::string_view code = {});
  [[nodiscard]] Result<void> result() const;
  [[nodiscard]] bool any() const { return first_.has_value(); }

 private:
  std::string file_;
  std::string_view code_;
  std::optional<Error> first_;
};

class Fields {
 public:
  /// `path` names the table in complaints, such as "rule[2].source".
  Fields(const Table& table, std::string path, int line, Complaints& complaints);

  [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }
  [[nodiscard]] bool is_text(std::string_view key) const;
  /// Not there, or text of nothing but spaces.
  [[nodiscard]] bool blank(std::string_view key) const;

  std::string text(std::string_view key);  ///< must be there, and not blank
  std::string text_or(std::string_view key, std::string_view otherwise);
  std::int64_t whole(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<std::int64_t> whole_if(std::string_view key, std::int64_t low, std::int64_t high);
  bool flag_or(std::string_view key, bool otherwise);
  Date date(std::string_view key);
  std::optional<Date> date_if(std::string_view key);
  std::vector<std::string> texts(std::string_view key);  ///< must be there, with at least one, none twice
  std::vector<Date> dates(std::string_view key);         ///< must be there, with at least one
  Fields table(std::string_view key);
  std::vector<Fields> tables(std::string_view key);  ///< none if the key is not there
  /// A small map of names to whole numbers, such as counts of offices.
  std::vector<std::pair<std::string, std::int64_t>> numbers(std::string_view key, std::int64_t low, std::int64_t high);

  /// One of a few words.
  template <class T>
  T choice(std::string_view key, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string word = text(key);
    std::string words = "must be one of";
    for (const auto& [name, value] : choices) {
      if (name == word) return value;
      words += " \"" + std::string(name) + "\"";
    }
    complain(key, words);
    return choices.begin()->second;
  }
  template <class T>
  T choice_or(std::string_view key, T otherwise, std::initializer_list<std::pair<std::string_view, T>> choices) {
    return has(key) ? choice(key, choices) : otherwise;
  }

  /// Something is wrong with `key`; `code` replaces the file's own where it is not empty (a string literal).
  void complain(std::string_view key, std::string_view words, std::string_view code = {});
  /// Refuses the keys that nobody asked for. Call it when all has been read.
  void finish();

 private:
  const Node* find(std::string_view key);
  template <class T>
  const T* get(std::string_view key, std::string_view expected);

  const Table* table_;
  std::string path_;
  int line_;
  Complaints* complaints_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace cluse::domain::data_file
