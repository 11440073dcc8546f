#include "server/mail/fate.h"

#include "server/mail/spool.h"

#include <fstream>
#include <string_view>

namespace cluse::mail {

std::optional<std::string> fate_of(const std::filesystem::path& folder, const std::string& key) {
  constexpr std::string_view kReason = "reason ";
  const std::string name = Spool::name_of(key);
  std::error_code ignored;
  std::ifstream file(folder / "refused" / name);
  if (!file)
    return std::filesystem::exists(folder / "sent" / name, ignored) ? std::optional<std::string>("") : std::nullopt;
  for (std::string line; std::getline(file, line) && !line.empty();)
    if (line.starts_with(kReason)) return line.substr(kReason.size());
  return "refused";
}

}  // namespace cluse::mail
