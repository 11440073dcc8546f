#include "server/domain/data_file/data_file.h"

#include "server/base/bytes.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace cluse::domain::data_file {
namespace {

/// Copies toml++'s tree into ours, or says what in it we do not take.
class Copier {
 public:
  Copier(std::string_view file, std::string_view code) : file_(file), code_(code) {}

  Result<Table> table(const toml::table& from, int depth) const {
    Table out;
    for (const auto& [key, value] : from) {
      CLUSE_TRY(copied, node(value, depth + 1));
      out.emplace(std::string(key.str()), std::move(copied));
    }
    return out;
  }

 private:
  Result<Node> node(const toml::node& from, int depth) const {
    const int line = static_cast<int>(from.source().begin.line);
    if (depth > kDepthMax) return refuse(line, "tables and lists stand too deep within each other");
    if (const auto* text = from.as_string()) return Node{text->get(), line};
    if (const auto* number = from.as_integer()) return Node{number->get(), line};
    if (const auto* truth = from.as_boolean()) return Node{truth->get(), line};
    if (const auto* date = from.as_date()) return civil(date->get(), line);
    if (const auto* list = from.as_array()) return items(*list, line, depth);
    if (const auto* inner = from.as_table()) {
      CLUSE_TRY(copied, table(*inner, depth));
      return Node{std::move(copied), line};
    }
    return refuse(line, "fractions and times of day are not accepted; use whole numbers, dates or text");
  }

  Result<Node> items(const toml::array& from, int line, int depth) const {
    List out;
    for (const toml::node& item : from) {
      CLUSE_TRY(copied, node(item, depth + 1));
      out.push_back(std::move(copied));
    }
    return Node{std::move(out), line};
  }

  Result<Node> civil(toml::date from, int line) const {
    const Date date{std::chrono::year(from.year), std::chrono::month(from.month), std::chrono::day(from.day)};
    if (!date.ok()) return refuse(line, "there is no such day");
    return Node{date, line};
  }

  std::unexpected<Error> refuse(int line, std::string_view words) const {
    return fail(Errc::invalid, code_,
                std::string(file_) + ", line " + std::to_string(line) + ": " + std::string(words));
  }

  std::string_view file_;
  std::string_view code_;
};

void write_text(const std::string& text, std::string& out) {
  out += 's' + std::to_string(text.size()) + ':' + text;
}

void write(const Node& node, std::string& out);

void write(const Table& table, std::string& out) {
  out += '{';
  for (const auto& [key, value] : table) {
    write_text(key, out);
    write(value, out);
  }
  out += '}';
}

struct Writer {
  std::string& out;
  void operator()(const std::string& text) const { write_text(text, out); }
  void operator()(std::int64_t number) const { out += 'i' + std::to_string(number) + ';'; }
  void operator()(bool truth) const { out += truth ? "b1" : "b0"; }
  void operator()(Date date) const { out += 'd' + to_string(date); }
  void operator()(const Table& table) const { write(table, out); }
  void operator()(const List& list) const {
    out += '[';
    for (const Node& item : list) write(item, out);
    out += ']';
  }
};

void write(const Node& node, std::string& out) {
  std::visit(Writer{out}, node.data);
}

Result<File> read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  File file{path.filename().string(), std::string(kFileBytesMax + 1, '\0')};
  if (!stream) return fail(Errc::not_found, "data_file_unreadable", path.string() + ": cannot be opened");
  stream.read(file.text.data(), static_cast<std::streamsize>(file.text.size()));
  if (stream.bad()) return fail(Errc::unavailable, "data_file_unreadable", path.string() + ": cannot be read");
  file.text.resize(static_cast<std::size_t>(stream.gcount()));
  if (file.text.size() > kFileBytesMax) {
    return fail(Errc::too_large, "data_file_unreadable", path.string() + ": more than 1 MiB");
  }
  return file;
}

}  // namespace

Result<Table> parse(std::string_view text, std::string_view file, std::string_view code) {
  if (text.size() > kFileBytesMax) return fail(Errc::too_large, code, std::string(file) + ": more than 1 MiB");
  if (!is_utf8(text)) return fail(Errc::invalid, code, std::string(file) + ": the text is not UTF-8");
  try {
    return Copier(file, code).table(toml::parse(text, file), 0);
  } catch (const toml::parse_error& error) {
    std::ostringstream words;
    words << file << ", line " << error.source().begin.line << ": " << error.description();
    return fail(Errc::invalid, code, words.str());
  }
}

std::string canonical(const Table& table) {
  std::string out;
  write(table, out);
  return out;
}

Result<std::vector<File>> read_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") paths.push_back(it->path());
  }
  if (error) return fail(Errc::not_found, "data_file_unreadable", folder.string() + ": " + error.message());
  if (paths.size() > kFilesMax) {
    return fail(Errc::too_many, "data_file_unreadable", folder.string() + ": more than 500 files");
  }
  std::ranges::sort(paths);
  std::vector<File> files;
  for (const auto& path : paths) {
    CLUSE_TRY(file, read_file(path));
    files.push_back(std::move(file));
  }
  return files;
}

std::string to_string(Date date) {
  char text[24];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace cluse::domain::data_file
