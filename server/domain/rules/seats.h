// Seats shared out in proportion to population, exactly and without rounding errors. Pure. Thread: any.
#pragma once

#include "server/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cluse::domain::rules {

enum class SeatMethod { largest_remainder, sainte_lague, dhondt };

struct Party {
  std::string name;
  std::int64_t population = 0;  ///< 0 to kPopulationMax
};

inline constexpr int kSeatsMax = 1000;
inline constexpr int kPartiesMax = 500;
inline constexpr std::int64_t kPopulationMax = 1'000'000'000;

struct SeatLimits {
  int min_each = 0;
  int max_each = kSeatsMax;
};

/// Seats for each party, in their order; they sum to `total`. Ties go to the party named first. Parties below the
/// minimum or above the maximum get just that, and the others share what remains. Error: `seats_impossible` (no party,
/// a population out of bounds or none at all, limits that leave no distribution).
[[nodiscard]] Result<std::vector<int>> distribute(SeatMethod method, int total, const std::vector<Party>& parties,
                                                  SeatLimits limits = {});

}  // namespace cluse::domain::rules
