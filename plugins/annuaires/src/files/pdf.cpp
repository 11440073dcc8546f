#include "pdf.h"

#include "../text/encoding.h"
#include "../text/fold.h"

#include <hpdf.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace annuaires {
namespace {

constexpr float kMargin = 48, kGutter = 24, kColumns = 2;
constexpr float kNameSize = 10, kLineSize = 8.5F, kLeading = 11.5F, kTitleSize = 20, kLetterSize = 13;
constexpr float kBetween = 8, kLetterHeight = kLetterSize + 18, kLabelGray = 0.38F;
constexpr std::size_t kPagesMax = 2000;

struct FreeDocument {
  void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};
using Document = std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, FreeDocument>;

// Of Latin Extended-A and -B (two octets): capitals are even, but odd in two rows.
bool is_capital(const std::string& sign) {
  if (sign.size() != 2) return false;
  const int code = (sign[0] & 0x1f) << 6 | (sign[1] & 0x3f);
  const bool odd_row = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e);
  return code >= 0x100 && code % 2 == (odd_row ? 1 : 0);
}

// A letter that the fonts have not, without its mark.
std::string plain_letter(const std::string& sign) {
  const std::string small = fold(sign);
  if (small.empty() || static_cast<unsigned char>(small.front()) >= 0x80) return "?";
  std::string letter = small;
  if (is_capital(sign)) letter.front() = static_cast<char>(letter.front() & ~0x20);
  return letter;
}

// Windows-1252 of UTF-8: by trying each octet once. Narrow spaces become plain ones.
std::string printable(std::string_view text) {
  static const auto table = [] {
    std::vector<std::pair<std::string, char>> all;
    for (int octet = 0x80; octet < 0x100; ++octet) {
      const char c = static_cast<char>(octet);
      all.emplace_back(to_utf8(std::string_view(&c, 1), "windows-1252"), c);
    }
    std::ranges::sort(all);
    return all;
  }();
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t bytes = std::min<std::size_t>(lead < 0x80   ? 1
                                                    : lead < 0xe0 ? 2
                                                    : lead < 0xf0 ? 3
                                                                  : 4,
                                                    text.size() - i);
    const std::string sign(text.substr(i, bytes));
    i += bytes;
    if (bytes == 1) out += lead < 0x20 ? ' ' : sign[0];
    else if (sign == "\u202f" || sign == "\u2009") out += ' ';
    else if (sign == "\u2011") out += '-';
    else {
      const auto found = std::ranges::lower_bound(table, sign, {}, &std::pair<std::string, char>::first);
      out += found != table.end() && found->first == sign ? std::string(1, found->second) : plain_letter(sign);
    }
  }
  return out;
}

std::string replaced(std::string text, std::string_view what, std::size_t with) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), std::to_string(with));
  return text;
}

class Printer {
 public:
  explicit Printer(const PrintedDirectory& directory) : directory_(directory), document_(HPDF_New(nullptr, nullptr)) {
    if (document_ == nullptr) throw std::runtime_error("no memory for a PDF");
    HPDF_SetCompressionMode(document_.get(), HPDF_COMP_ALL);
    HPDF_SetInfoAttr(document_.get(), HPDF_INFO_TITLE, printable(directory.title).c_str());
    HPDF_SetInfoAttr(document_.get(), HPDF_INFO_AUTHOR, printable(directory.author).c_str());
    plain_ = HPDF_GetFont(document_.get(), "Helvetica", "WinAnsiEncoding");
    bold_ = HPDF_GetFont(document_.get(), "Helvetica-Bold", "WinAnsiEncoding");
  }

  std::string print() {
    begin_page();
    std::string letter;
    for (const PrintedEntry& entry : directory_.entries) {
      const bool begins = entry.letter != letter;
      letter = entry.letter;
      put_entry(entry, begins);
      if (pages_.size() > kPagesMax) throw std::runtime_error("too many pages");
    }
    number_pages();
    return saved();
  }

 private:
  struct Set {
    HPDF_Font font;
    float size;
  };
  struct Piece {
    Set set;
    std::string label, line;  // a label on the first line of its text alone
  };

  float column_width() const { return (width_ - 2 * kMargin - kGutter) / kColumns; }
  float left() const { return kMargin + static_cast<float>(column_) * (column_width() + kGutter); }

  void begin_page() {
    page_ = HPDF_AddPage(document_.get());
    if (page_ == nullptr) throw std::runtime_error("no memory for a page");
    HPDF_Page_SetSize(page_, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    width_ = HPDF_Page_GetWidth(page_);
    top_ = HPDF_Page_GetHeight(page_) - kMargin;
    if (pages_.empty()) {
      write(bold_, kTitleSize, kMargin, top_ - kTitleSize, directory_.title, width_ - 2 * kMargin);
      write(plain_, kNameSize, kMargin, top_ - kTitleSize - 18, directory_.subtitle, width_ - 2 * kMargin);
      top_ -= kTitleSize + 40;
    }
    pages_.push_back(page_);
    column_ = 0;
    y_ = top_;
  }
  void need(float height) {
    if (y_ - height >= kMargin + 20) return;
    if (column_ + 1 < static_cast<int>(kColumns)) {
      ++column_;
      y_ = top_;
    } else {
      begin_page();
    }
  }

  // As much of a line as fits; the rest, if any.
  std::string fitting(HPDF_Font font, float size, std::string& text, float width) {
    HPDF_Page_SetFontAndSize(page_, font, size);
    HPDF_REAL real = 0;
    auto count = static_cast<std::size_t>(HPDF_Page_MeasureText(page_, text.c_str(), width, HPDF_TRUE, &real));
    if (count == 0)
      count = static_cast<std::size_t>(HPDF_Page_MeasureText(page_, text.c_str(), width, HPDF_FALSE, &real));
    count = std::clamp<std::size_t>(count, 1, text.size());
    std::string line = text.substr(0, count);
    text.erase(0, count);
    while (text.starts_with(' ')) text.erase(0, 1);
    return line;
  }
  void write(HPDF_Font font, float size, float x, float y, const std::string& words, float width) {
    std::string text = printable(words);
    if (text.empty()) return;
    put_text(font, size, x, y, fitting(font, size, text, width));
  }
  void put_text(HPDF_Font font, float size, float x, float y, const std::string& line) {
    HPDF_Page_BeginText(page_);
    HPDF_Page_SetFontAndSize(page_, font, size);
    HPDF_Page_TextOut(page_, x, y, line.c_str());
    HPDF_Page_EndText(page_);
  }
  // All lines of a text; the first leaves room for what stands before it.
  std::vector<std::string> wrapped(HPDF_Font font, float size, const std::string& words, float before = 0) {
    std::vector<std::string> lines;
    std::string text = printable(words);
    if (before > 0) {
      HPDF_Page_SetFontAndSize(page_, font, size);
      HPDF_REAL real = 0;
      const bool fits = HPDF_Page_MeasureText(page_, text.c_str(), column_width() - before, HPDF_TRUE, &real) > 0;
      lines.push_back(fits ? fitting(font, size, text, column_width() - before) : std::string());
    }
    while (!text.empty()) lines.push_back(fitting(font, size, text, column_width()));
    return lines;
  }
  void put_line(const Set& set, const std::string& line, float indent = 0) {
    y_ -= kLeading;
    put_text(set.font, set.size, left() + indent, y_, line);
  }
  void put_letter(const std::string& letter) {
    y_ -= kLetterHeight - 6;
    write(bold_, kLetterSize, left(), y_, letter, column_width());
    HPDF_Page_SetLineWidth(page_, 0.5F);
    HPDF_Page_MoveTo(page_, left(), y_ - 4);
    HPDF_Page_LineTo(page_, left() + column_width(), y_ - 4);
    HPDF_Page_Stroke(page_);
    y_ -= 6;
  }
  // What an entry is made of, broken into lines, so that its height is known before it is placed.
  std::vector<Piece> pieces_of(const PrintedEntry& entry) {
    std::vector<Piece> pieces;
    for (auto& line : wrapped(bold_, kNameSize, entry.name))
      pieces.push_back({{bold_, kNameSize}, "", std::move(line)});
    for (auto& line : wrapped(plain_, kLineSize, entry.subtitle))
      pieces.push_back({{plain_, kLineSize}, "", std::move(line)});
    for (const PrintedLine& one : entry.lines) {
      std::string label = printable(one.label);
      for (auto& line : wrapped(plain_, kLineSize, one.text, text_width(label)))
        pieces.push_back({{plain_, kLineSize}, std::exchange(label, ""), std::move(line)});
    }
    return pieces;
  }
  float text_width(const std::string& line) {
    HPDF_Page_SetFontAndSize(page_, plain_, kLineSize);
    return HPDF_Page_TextWidth(page_, line.c_str());
  }
  void put_entry(const PrintedEntry& entry, bool begins_letter) {
    const auto pieces = pieces_of(entry);
    // An entry stays in one column, unless it would leave half a page empty; neither a name nor a letter stands alone
    // at a foot.
    const float before = kBetween + (begins_letter ? kLetterHeight : 0);
    const float whole = kLeading * static_cast<float>(pieces.size()) + before;
    const float least = kLeading * static_cast<float>(std::min<std::size_t>(pieces.size(), 4)) + before;
    need(whole < (top_ - kMargin) / 2 ? whole : least);
    if (begins_letter) put_letter(entry.letter);
    y_ -= kBetween;
    for (const Piece& piece : pieces) {
      need(kLeading);
      if (!piece.label.empty()) {
        HPDF_Page_SetGrayFill(page_, kLabelGray);
        put_line(piece.set, piece.label);
        HPDF_Page_SetGrayFill(page_, 0);
        y_ += kLeading;
      }
      put_line(piece.set, piece.line, piece.label.empty() ? 0 : text_width(piece.label));
    }
  }
  void number_pages() {
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      page_ = pages_[i];
      const auto words = replaced(replaced(directory_.page_words, "{n}", i + 1), "{of}", pages_.size());
      write(plain_, kLineSize, kMargin, kMargin - 14, directory_.title, width_ / 2);
      const std::string text = printable(words);
      HPDF_Page_SetFontAndSize(page_, plain_, kLineSize);
      put_text(plain_, kLineSize, width_ - kMargin - HPDF_Page_TextWidth(page_, text.c_str()), kMargin - 14, text);
    }
  }
  std::string saved() {
    if (HPDF_SaveToStream(document_.get()) != HPDF_OK) throw std::runtime_error("the PDF cannot be written");
    std::string out(HPDF_GetStreamSize(document_.get()), '\0');
    HPDF_ResetStream(document_.get());
    auto size = static_cast<HPDF_UINT32>(out.size());
    HPDF_ReadFromStream(document_.get(), reinterpret_cast<HPDF_BYTE*>(out.data()), &size);
    out.resize(size);
    return out;
  }

  const PrintedDirectory& directory_;
  Document document_;
  HPDF_Font plain_ = nullptr, bold_ = nullptr;
  HPDF_Page page_ = nullptr;
  std::vector<HPDF_Page> pages_;
  float width_ = 0, top_ = 0, y_ = 0;
  int column_ = 0;
};

}  // namespace

std::string write_pdf(const PrintedDirectory& directory) {
  return Printer(directory).print();
}

}  // namespace annuaires
