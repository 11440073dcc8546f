#include "../text/days.h"
#include "sheets.h"
#include "zip.h"

#include <expat.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace annuaires {
namespace {

constexpr std::size_t kPartMax = 256U << 20;
constexpr std::size_t kColumnsMax = 500, kStringsMax = 2'000'000;

std::string_view local(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string attribute(const char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2)
    if (std::string_view(*attributes) == name) return attributes[1];
  return {};
}

/// Walks through a part; a document type is refused, so no entity is ever expanded.
class Walker {
 public:
  virtual ~Walker() = default;
  virtual void on_start(std::string_view name, const char** attributes) = 0;
  virtual void on_end(std::string_view name) = 0;
  virtual void on_text(std::string_view text) = 0;
  void walk(const std::string& part) {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"),
                                                                              &XML_ParserFree);
    if (parser == nullptr) throw ZipError("no memory for its XML");
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_,
        [](void* self, const char* name, const char** all) {
          of(self).guarded([&](Walker& walker) { walker.on_start(local(name), all); });
        },
        [](void* self, const char* name) { of(self).guarded([&](Walker& walker) { walker.on_end(local(name)); }); });
    XML_SetCharacterDataHandler(parser_, [](void* self, const char* text, int size) {
      of(self).guarded([&](Walker& walker) { walker.on_text({text, static_cast<std::size_t>(size)}); });
    });
    XML_SetDoctypeDeclHandler(
        parser_, [](void* self, const char*, const char*, const char*, int) { of(self).stop(); }, nullptr);
    const bool is_read = XML_Parse(parser_, part.data(), static_cast<int>(part.size()), 1) != XML_STATUS_ERROR;
    if (failure_ != nullptr) std::rethrow_exception(failure_);
    if (!is_read && !is_done_) throw ZipError("its XML is damaged");
  }

 protected:
  void stop() { XML_StopParser(parser_, XML_FALSE); }
  void done() {
    is_done_ = true;
    stop();
  }

 private:
  static Walker& of(void* self) { return *static_cast<Walker*>(self); }
  // Nothing may be thrown through the parser, which is C.
  template <class F>
  void guarded(F&& body) noexcept {
    if (failure_ != nullptr) return;
    try {
      body(*this);
    } catch (...) {
      failure_ = std::current_exception();
      stop();
    }
  }
  XML_Parser parser_ = nullptr;
  std::exception_ptr failure_;
  bool is_done_ = false;
};

struct Sheet {
  std::string name, part;
};

class Workbook final : public Walker {
 public:
  std::vector<std::pair<std::string, std::string>> sheets;  // name, id
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "sheet") sheets.emplace_back(attribute(attributes, "name"), attribute(attributes, "r:id"));
  }
  void on_end(std::string_view) override {}
  void on_text(std::string_view) override {}
};

class Relations final : public Walker {
 public:
  std::map<std::string, std::string> targets;
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "Relationship") targets[attribute(attributes, "Id")] = attribute(attributes, "Target");
  }
  void on_end(std::string_view) override {}
  void on_text(std::string_view) override {}
};

class SharedStrings final : public Walker {
 public:
  std::vector<std::string> all;
  void on_start(std::string_view name, const char**) override {
    if (name == "si") all.emplace_back();
    if (all.size() > kStringsMax) stop();
    if (name == "rPh") ++phonetic_;
    is_text_ = name == "t" && phonetic_ == 0;
  }
  void on_end(std::string_view name) override {
    if (name == "rPh") --phonetic_;
    is_text_ = false;
  }
  void on_text(std::string_view text) override {
    if (is_text_ && !all.empty()) all.back() += text;
  }

 private:
  int phonetic_ = 0;
  bool is_text_ = false;
};

/// Which cell styles show a day.
class Styles final : public Walker {
 public:
  std::vector<bool> is_day;
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "numFmt" && shows_day(attribute(attributes, "formatCode")))
      days_.insert(attribute(attributes, "numFmtId"));
    if (name == "cellXfs") within_ = true;
    if (name != "xf" || !within_) return;
    const std::string id = attribute(attributes, "numFmtId");
    is_day.push_back((id.size() == 2 && id >= "14" && id <= "17") || id == "22" || days_.contains(id));
  }
  void on_end(std::string_view name) override {
    if (name == "cellXfs") within_ = false;
  }
  void on_text(std::string_view) override {}

 private:
  static bool shows_day(std::string_view format) {
    bool is_quoted = false;
    for (const char c : format) {
      if (c == '"' || c == '[' || c == ']') is_quoted = !is_quoted;
      if (!is_quoted && (c == 'y' || c == 'd' || c == 'Y' || c == 'D')) return true;
    }
    return false;
  }
  std::set<std::string> days_;
  bool within_ = false;
};

class Rows final : public Walker {
 public:
  Rows(const SharedStrings& strings, const Styles& styles, const std::function<bool(Cells&&)>& on_row)
      : strings_(strings), styles_(styles), on_row_(on_row) {}
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "row") row_ = {};
    if (name == "c") start_cell(attributes);
    is_text_ = name == "v" || name == "t";
  }
  void on_end(std::string_view name) override {
    is_text_ = false;
    if (name == "c") end_cell();
    if (name != "row") return;
    const bool has_content = std::ranges::any_of(row_, [](const std::string& cell) { return !cell.empty(); });
    if (has_content && !on_row_(std::move(row_))) done();
  }
  void on_text(std::string_view text) override {
    if (is_text_) value_ += text;
  }

 private:
  void start_cell(const char** attributes) {
    value_.clear();
    type_ = attribute(attributes, "t");
    style_ = number(attribute(attributes, "s")).value_or(0);
    std::size_t column = 0;
    for (const char c : attribute(attributes, "r"))
      if (c >= 'A' && c <= 'Z' && column < kColumnsMax * 26)
        column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    column_ = column == 0 ? row_.size() : column - 1;
  }
  void end_cell() {
    if (column_ >= kColumnsMax) return;
    if (row_.size() <= column_) row_.resize(column_ + 1);
    row_[column_] = shown();
  }
  std::string shown() const {
    if (type_ == "s") {
      const auto at = number(value_);
      return at && *at < strings_.all.size() ? strings_.all[*at] : std::string();
    }
    if (type_ == "b") return value_ == "1" ? "1" : "0";
    if (!type_.empty() && type_ != "n") return value_;
    double real = 0;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), real);
    if (error != std::errc() || end != value_.data() + value_.size()) return value_;
    if (style_ < styles_.is_day.size() && styles_.is_day[style_] && real > 60 && real < 2'958'466)
      return day_of(static_cast<Moment>((std::floor(real) - 25'569) * 86'400'000));
    if (real == std::floor(real) && std::abs(real) < 1e15) return std::to_string(static_cast<long long>(real));
    return value_;
  }
  static std::optional<std::size_t> number(std::string_view digits) {
    std::size_t value = 0;
    const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || at != digits.data() + digits.size()) return std::nullopt;
    return value;
  }

  const SharedStrings& strings_;
  const Styles& styles_;
  const std::function<bool(Cells&&)>& on_row_;
  Cells row_;
  std::string value_, type_;
  std::size_t column_ = 0, style_ = 0;
  bool is_text_ = false;
};

std::vector<Sheet> sheets_of(const ZipReader& zip) {
  Workbook workbook;
  workbook.walk(zip.read("xl/workbook.xml", kPartMax));
  Relations relations;
  relations.walk(zip.read("xl/_rels/workbook.xml.rels", kPartMax));
  std::vector<Sheet> all;
  for (const auto& [name, id] : workbook.sheets) {
    const std::string target = relations.targets[id];
    all.push_back({name, target.starts_with('/') ? target.substr(1) : "xl/" + target});
  }
  if (all.empty()) throw ZipError("it has no sheet");
  return all;
}

}  // namespace

std::vector<std::string> sheet_names(std::string_view xlsx) {
  const ZipReader zip(xlsx);
  std::vector<std::string> names;
  for (const auto& sheet : sheets_of(zip)) names.push_back(sheet.name);
  return names;
}

void read_xlsx(std::string_view xlsx, std::string_view sheet, const std::function<bool(Cells&&)>& on_row) {
  const ZipReader zip(xlsx);
  const auto sheets = sheets_of(zip);
  auto chosen = std::ranges::find(sheets, sheet, &Sheet::name);
  if (chosen == sheets.end()) chosen = sheets.begin();
  SharedStrings strings;
  if (zip.has("xl/sharedStrings.xml")) strings.walk(zip.read("xl/sharedStrings.xml", kPartMax));
  Styles styles;
  if (zip.has("xl/styles.xml")) styles.walk(zip.read("xl/styles.xml", kPartMax));
  Rows(strings, styles, on_row).walk(zip.read(chosen->part, kPartMax));
}

}  // namespace annuaires
