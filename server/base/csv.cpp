#include "server/base/csv.h"

#include "server/base/bytes.h"

#include <algorithm>
#include <utility>

namespace cluse {
namespace {

class Reader {
 public:
  Reader(std::string_view text, char separator, const CsvLimits& limits)
      : text_(text), separator_(separator), limits_(limits) {}

  std::expected<std::vector<CsvRow>, CsvProblem> read() {
    while (at_ < text_.size()) {
      if (skip_line_end()) continue;
      if (rows_.size() == limits_.rows_max) return std::unexpected(CsvProblem{line_, "csv_too_many_rows"});
      if (const auto code = read_row(); !code.empty()) return std::unexpected(CsvProblem{line_, code});
    }
    return std::move(rows_);
  }

 private:
  // True if there was one here.
  bool skip_line_end() {
    const std::size_t length = text_.substr(at_, 2) == "\r\n" ? 2 : text_[at_] == '\n' ? 1 : 0;
    at_ += length;
    line_ += length > 0 ? 1 : 0;
    return length > 0;
  }

  // Empty, or the code of what is wrong at `line_`.
  std::string_view read_row() {
    CsvRow row{line_, {}};
    while (true) {
      if (row.fields.size() == limits_.fields_max) return "csv_too_many_fields";
      row.fields.emplace_back();
      const bool quoted = at_ < text_.size() && text_[at_] == '"';
      if (!(quoted ? read_quoted(row.fields.back()) : read_plain(row.fields.back()))) return "csv_quote";
      if (at_ == text_.size() || text_[at_] != separator_) break;
      ++at_;
    }
    rows_.push_back(std::move(row));
    if (at_ < text_.size() && !skip_line_end()) return "csv_quote";
    return {};
  }

  bool read_plain(std::string& field) {
    const auto end = std::min(text_.find_first_of(std::string{separator_, '\n', '"'}, at_), text_.size());
    if (end < text_.size() && text_[end] == '"') return false;
    const bool carriage_return = end > at_ && end < text_.size() && text_[end] == '\n' && text_[end - 1] == '\r';
    field = text_.substr(at_, end - at_ - (carriage_return ? 1 : 0));
    at_ = carriage_return ? end - 1 : end;
    return true;
  }

  bool read_quoted(std::string& field) {
    const auto opened = line_;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field += text_[at_];
      } else if (text_.substr(at_ + 1, 1) == "\"") {
        field += '"';
        ++at_;
      } else {
        ++at_;
        return true;
      }
    }
    line_ = opened;
    return false;
  }

  const std::string_view text_;
  const char separator_;
  const CsvLimits& limits_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::vector<CsvRow> rows_;
};

}  // namespace

std::expected<std::vector<CsvRow>, CsvProblem> read_csv(std::string_view text, char separator,
                                                        const CsvLimits& limits) {
  if (text.size() > limits.bytes_max) return std::unexpected(CsvProblem{0, "csv_too_large"});
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    return std::unexpected(CsvProblem{0, "csv_not_text"});
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Reader(text, separator, limits).read();
}

}  // namespace cluse
