// A printable directory (libharu): A4, two columns, entries under their first letters, pages numbered.
#pragma once

#include <string>
#include <vector>

namespace annuaires {

struct PrintedEntry {
  std::string letter;  ///< what it stands under
  std::string name, subtitle;
  std::vector<std::string> lines;  ///< "Téléphone : 03 …"
};
struct PrintedDirectory {
  std::string title, subtitle, author;  ///< subtitle: how many, of which day
  std::string page_words;               ///< "Page {n} sur {of}"
  std::vector<PrintedEntry> entries;
};

/// The file. Signs that Windows-1252 has not (the built-in fonts know no others) become "?". Throws std::runtime_error.
[[nodiscard]] std::string write_pdf(const PrintedDirectory& directory);

}  // namespace annuaires
