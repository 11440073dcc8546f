// Data that people may read and change: TOML files of rules and holidays, as plain values that remember their line.
//
// Values are immutable once read; every function here is pure but `read_folder`. Thread: any (blocking for
// `read_folder`). Errors: `data_file_unreadable` (no such folder, a file that cannot be read), and the caller's own
// code for what is wrong inside a file; `detail` then says "<file>, line <n>: <key>: <what is wrong>", `field` is the
// key's path.
#pragma once

#include "server/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cluse::domain::data_file {

inline constexpr std::size_t kFileBytesMax = 1 << 20;  ///< bytes of one file; past it the file is refused
inline constexpr std::size_t kFilesMax = 500;          ///< files of one folder
inline constexpr int kDepthMax = 16;                   ///< tables and lists within each other

using Date = std::chrono::year_month_day;

struct Node;
using List = std::vector<Node>;
using Table = std::map<std::string, Node, std::less<>>;

/// One value. Numbers are whole: a rule that needs a fraction says it as two numbers, so that nothing is rounded.
struct Node {
  std::variant<std::string, std::int64_t, bool, Date, List, Table> data;
  int line = 0;  ///< where it stands in its file, from 1
};

/// Reads TOML. `file` is the name used in complaints, `code` a string literal. Refuses floats, times of day, keys that
/// stand twice, dates that do not exist, text that is not UTF-8 and everything past the limits above.
[[nodiscard]] Result<Table> parse(std::string_view text, std::string_view file, std::string_view code);

/// The same bytes for the same data, whatever the order of keys, the spaces and the comments: what a hash is made of.
/// Strings and keys as `s<bytes>:<text>`, numbers `i<n>;`, truth `b0`/`b1`, dates `d<ISO>`, lists `[…]`, tables `{…}`
/// with their keys in the order of their bytes.
[[nodiscard]] std::string canonical(const Table& table);

struct File {
  std::string name;  ///< the file's own name, without the folder
  std::string text;
};

/// The `*.toml` of `folder` (not of its subfolders), by name. Blocking.
[[nodiscard]] Result<std::vector<File>> read_folder(const std::filesystem::path& folder);

/// "2026-01-31".
[[nodiscard]] std::string to_string(Date date);

}  // namespace cluse::domain::data_file
