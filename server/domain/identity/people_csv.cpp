#include "server/domain/identity/people_csv.h"

#include "server/domain/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace cluse::domain {
namespace {

// Octets 0x80 to 0x9F of Windows-1252; 0 where it has none.
constexpr std::array<std::uint16_t, 32> kWindows = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

// Well enough to tell the two encodings apart: sequences of the right length.
bool looks_like_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<std::uint8_t>(bytes[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || lead > 0xF4 || i + length > bytes.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<std::uint8_t>(bytes[i + k]) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

std::string to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (looks_like_utf8(bytes)) return std::string(bytes);
  std::string out;
  for (const char c : bytes) {
    const auto octet = static_cast<std::uint8_t>(c);
    const bool special = octet >= 0x80 && octet < 0xA0;
    append_utf8(out, special ? (kWindows[octet - 0x80U] != 0 ? kWindows[octet - 0x80U] : 0xFFFDU) : octet);
  }
  return out;
}

struct Row {
  int line = 1;
  std::vector<std::string> cells;
};

char separator_of(std::string_view text) {
  const auto head = text.substr(0, text.find('\n'));
  char best = ';';
  for (const char c : {';', ',', '\t'})
    if (std::ranges::count(head, c) > std::ranges::count(head, best)) best = c;
  return best;
}

/// Cuts a text into rows and cells (RFC 4180, any line end).
class Cutter {
 public:
  Cutter(std::string_view text, char separator) : text_(text), separator_(separator) {}

  Result<std::vector<Row>> cut() {
    for (; at_ < text_.size(); ++at_) take(text_[at_]);
    if (quoted_)
      return fail(Errc::invalid, "csv_malformed", "a quote does not end", "line:" + std::to_string(row_.line));
    end_row();
    return std::move(rows_);
  }

 private:
  void take(char c) {
    if (c == '\n') ++line_;
    if (quoted_) {
      if (c != '"') cell_ += c;
      else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') cell_ += text_[++at_];
      else quoted_ = false;
    } else if (c == '"' && cell_.empty()) {
      quoted_ = true;
    } else if (c == separator_) {
      row_.cells.push_back(std::exchange(cell_, {}));
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      cell_ += c;
    }
  }
  void end_row() {
    row_.cells.push_back(std::exchange(cell_, {}));
    const bool blank = std::ranges::all_of(
        row_.cells, [](const std::string& cell) { return cell.find_first_not_of(" \t") == std::string::npos; });
    if (!blank) rows_.push_back(row_);
    row_ = {line_, {}};
  }

  const std::string_view text_;
  const char separator_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool quoted_ = false;
  std::string cell_;
  Row row_;
  std::vector<Row> rows_;
};

using Words = std::span<const std::string_view>;

// Heads as offices write them, folded.
constexpr std::string_view kEmail[] = {
    "email",          "e mail",        "mail", "courriel", "adresse e mail", "adresse mail", "adresse electronique",
    "e mail adresse", "e mail address"};
constexpr std::string_view kName[] = {"nom",           "name",     "nom complet", "prenom et nom",
                                      "nom et prenom", "nachname", "last name",   "nom de famille"};
constexpr std::string_view kFirstName[] = {"prenom", "vorname", "first name"};
constexpr std::string_view kFunction[] = {"fonction", "funktion", "function", "mandat", "mandate"};
constexpr std::string_view kOrganisation[] = {"organisme", "organisation", "organization", "institution",
                                              "collectivite"};
constexpr std::string_view kFirstDay[] = {"du", "premier jour", "debut", "von", "erster tag", "from", "first day"};
constexpr std::string_view kLastDay[] = {"au", "dernier jour", "fin", "bis", "letzter tag", "to", "last day"};
constexpr std::string_view kLanguage[] = {"langue", "sprache", "language"};

std::optional<std::size_t> column(const Row& head, Words words) {
  for (std::size_t i = 0; i < head.cells.size(); ++i)
    if (std::ranges::find(words, fold(head.cells[i])) != words.end()) return i;
  return std::nullopt;
}

std::string cell(const Row& row, std::optional<std::size_t> at) {
  if (!at || *at >= row.cells.size()) return {};
  const std::string& text = row.cells[*at];
  const auto from = text.find_first_not_of(" \t");
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace

Result<std::vector<CsvPerson>> parse_people_csv(std::string_view bytes) {
  if (bytes.size() > kCsvBytesMax) return fail(Errc::too_large, "body_too_large");
  const std::string text = to_utf8(bytes);
  CLUSE_TRY(rows, Cutter(text, separator_of(text)).cut());
  if (rows.size() < 2) return fail(Errc::invalid, "csv_empty");
  if (rows.size() - 1 > kCsvRowsMax) return fail(Errc::too_large, "csv_too_many_rows");
  const Row& head = rows.front();
  const auto email = column(head, kEmail);
  if (!email) return fail(Errc::invalid, "csv_no_email");
  const auto name = column(head, kName), first_name = column(head, kFirstName);
  std::vector<CsvPerson> people;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Row& row = rows[i];
    CsvPerson person{row.line,
                     cell(row, email),
                     cell(row, first_name),
                     cell(row, column(head, kFunction)),
                     cell(row, column(head, kOrganisation)),
                     iso_day(cell(row, column(head, kFirstDay))),
                     iso_day(cell(row, column(head, kLastDay))),
                     cell(row, column(head, kLanguage))};
    const std::string last = cell(row, name);
    if (!person.name.empty() && !last.empty()) person.name += ' ';
    person.name += last;
    people.push_back(std::move(person));
  }
  return people;
}

std::string iso_day(const std::string& text) {
  const bool dotted = text.size() == 10 && (text[2] == '.' || text[2] == '/') && text[5] == text[2];
  return dotted ? text.substr(6, 4) + '-' + text.substr(3, 2) + '-' + text.substr(0, 2) : text;
}

}  // namespace cluse::domain
