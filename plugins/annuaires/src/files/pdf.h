// A printable directory (libharu): A4, two columns, entries under their first letters, pages numbered.
#pragma once

#include <string>
#include <vector>

namespace annuaires {

struct PrintedLine {
  std::string label, text;  ///< "Téléphone : ", "03 …"
};
struct PrintedEntry {
  std::string letter;  ///< what it stands under
  std::string sorted;  ///< what it is ordered by
  std::string name, subtitle;
  std::vector<PrintedLine> lines;
};
struct PrintedDirectory {
  std::string title, subtitle, author;  ///< subtitle: how many, of which day
  std::string page_words;               ///< "Page {n} sur {of}"
  std::vector<PrintedEntry> entries;
};

/// The file. The built-in fonts know the signs of Windows-1252 alone: another letter loses its mark (Ł: L), any other
/// sign becomes "?". Throws std::runtime_error.
[[nodiscard]] std::string write_pdf(const PrintedDirectory& directory);

}  // namespace annuaires
