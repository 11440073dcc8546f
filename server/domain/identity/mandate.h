// Organisation and mandate: for whom a person acts. A mandate that is worn is her *hat*: it stands beside her name on
// what she writes.
#pragma once

#include "server/base/id.h"

#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain {

struct Organisation {
  Id id;
  std::string name, short_name;
  std::string country;  ///< "F" or "CH"
  std::string kind;     ///< free word, may be empty
};

enum class Quality { elected, technician };
/// domain.md row 45: a substitute stands in for any titular of her own organisation, never for a named one.
enum class Seat { titular, substitute };

/// The names of the enumerators: as stored and sent.
[[nodiscard]] std::string_view to_text(Quality quality);
[[nodiscard]] std::string_view to_text(Seat seat);
[[nodiscard]] std::optional<Quality> parse_quality(std::string_view text);
[[nodiscard]] std::optional<Seat> parse_seat(std::string_view text);

/// A function that a person holds in an organisation, from `first_day` to `last_day`, both included, ISO dates.
struct Mandate {
  Id id, person_id;
  Organisation organisation;
  std::string function;
  Quality quality = Quality::technician;
  Seat seat = Seat::titular;
  std::string first_day;
  std::optional<std::string> last_day;  ///< none: until further notice
  bool is_current = false;              ///< on the day of the reading
};

}  // namespace cluse::domain
