// Codes of communes: INSEE and OFS. Neither has a check digit; whether such a commune exists is for territories to say.
#include "server/domain/registry/check.h"

namespace cluse::domain::registry {
namespace {

// Departments of the mainland 01 to 95 (Corsica is 2A and 2B since 1976, never 20); overseas departments 971 to 976 and
// collectivities 977, 978, 984, 986 to 989 take three characters, and their communes two.
bool is_department(std::string_view code) {
  if (code.size() == 2) return code == "2A" || code == "2B" || (code >= "01" && code <= "95" && code != "20");
  return (code >= "971" && code <= "978") || code == "984" || (code >= "986" && code <= "989");
}

}  // namespace

Checked parse_insee_commune(const std::string& text) {
  const bool corsica = text.starts_with("2A") || text.starts_with("2B");
  if (text.size() != 5 || !all_digits(std::string_view(text).substr(corsica ? 2 : 0)))
    return refuse("registry_number_form", "five characters, all digits but for 2A and 2B");
  const std::size_t department = text.starts_with("97") || text.starts_with("98") ? 3 : 2;
  if (!is_department(text.substr(0, department)))
    return refuse("registry_number_form", "no department " + text.substr(0, department));
  if (text.find_first_not_of('0', department) == std::string::npos)
    return refuse("registry_number_form", "communes are numbered from 1");
  return Number{NumberKind::insee_commune, text, text};
}

Checked parse_ofs_commune(const std::string& text) {
  const auto start = text.find_first_not_of('0');
  if (!all_digits(text) || start == std::string::npos || text.size() - start > 4)
    return refuse("registry_number_form", "a number from 1 to 6999");
  // From 7000 on: Liechtenstein, other countries, lakes.
  const std::string number = text.substr(start);
  if (number.size() == 4 && number.front() >= '7') return refuse("registry_number_form", "a number from 1 to 6999");
  return Number{NumberKind::ofs_commune, number, number};
}

}  // namespace cluse::domain::registry
