#include "server/domain/rules/seats.h"

#include <algorithm>
#include <numeric>

namespace cluse::domain::rules {
namespace {

using Seats = std::vector<int>;

// Products stay below kPopulationMax * kPartiesMax * 2 * kSeatsMax, far within 64 bits: 1e9 * 1000 * 2 for a
// comparison, 1e9 * 500 * 1000 for a quota.

/// The divisor after so many seats: 1, 2, 3 … or 1, 3, 5 ….
std::int64_t divisor(SeatMethod method, int seats) {
  return method == SeatMethod::dhondt ? seats + 1 : 2 * std::int64_t{seats} + 1;
}

/// Highest averages: everybody starts with the minimum, then seat by seat to the largest quotient below its maximum.
Seats highest_averages(SeatMethod method, int total, const std::vector<Party>& parties, SeatLimits limits) {
  Seats seats(parties.size(), limits.min_each);
  for (int left = total - limits.min_each * static_cast<int>(parties.size()); left > 0; --left) {
    std::size_t best = parties.size();
    for (std::size_t i = 0; i < parties.size(); ++i) {
      if (seats[i] >= limits.max_each) continue;
      if (best == parties.size() ||
          parties[i].population * divisor(method, seats[best]) > parties[best].population * divisor(method, seats[i])) {
        best = i;
      }
    }
    ++seats[best];
  }
  return seats;
}

/// One round of largest remainder among the parties in `open`.
void share_by_remainder(int total, const std::vector<Party>& parties, const std::vector<std::size_t>& open,
                        Seats& seats) {
  std::int64_t people = 0;
  for (const std::size_t i : open) people += parties[i].population;
  if (people == 0) people = 1;
  std::vector<std::pair<std::int64_t, std::size_t>> remainders;
  int left = total;
  for (const std::size_t i : open) {
    const std::int64_t quota = parties[i].population * total;
    seats[i] = static_cast<int>(quota / people);
    left -= seats[i];
    remainders.emplace_back(quota % people, i);
  }
  std::ranges::stable_sort(remainders, std::greater(), [](const auto& entry) { return entry.first; });
  for (std::size_t at = 0; left > 0; at = (at + 1) % remainders.size(), --left) ++seats[remainders[at].second];
}

/// Largest remainder: whoever falls outside the limits is set to the limit and leaves the sharing. Those below the
/// minimum go first: raising them can only lower the others.
Seats largest_remainder(int total, const std::vector<Party>& parties, SeatLimits limits) {
  Seats seats(parties.size(), 0);
  std::vector<std::size_t> open(parties.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  int left = total;
  while (!open.empty()) {
    share_by_remainder(left, parties, open, seats);
    const auto low = [&](std::size_t i) { return seats[i] < limits.min_each; };
    const auto high = [&](std::size_t i) { return seats[i] > limits.max_each; };
    int short_of = 0;
    int over = 0;
    for (const std::size_t i : open) {
      if (low(i)) short_of += limits.min_each - seats[i];
      if (high(i)) over += seats[i] - limits.max_each;
    }
    if (short_of == 0 && over == 0) break;
    // The larger trespass is settled first; the other side may then fit by itself.
    const bool settle_low = short_of >= over;
    std::erase_if(open, [&](std::size_t i) {
      if (!(settle_low ? low(i) : high(i))) return false;
      seats[i] = settle_low ? limits.min_each : limits.max_each;
      left -= seats[i];
      return true;
    });
  }
  return seats;
}

}  // namespace

Result<std::vector<int>> distribute(SeatMethod method, int total, const std::vector<Party>& parties,
                                    SeatLimits limits) {
  const auto refuse = [](const char* why) { return fail(Errc::invalid, "seats_impossible", why); };
  if (parties.empty() || parties.size() > kPartiesMax) return refuse("between 1 and 500 parties are expected");
  if (total < 1 || total > kSeatsMax) return refuse("between 1 and 1000 seats are expected");
  std::int64_t people = 0;
  for (const Party& party : parties) {
    if (party.population < 0 || party.population > kPopulationMax) return refuse("a population is out of bounds");
    people += party.population;
  }
  if (people == 0) return refuse("nobody lives in any of the parties");
  const auto count = static_cast<int>(parties.size());
  if (limits.min_each < 0 || limits.min_each > limits.max_each) return refuse("the limits contradict each other");
  if (limits.min_each > total / count) return refuse("there are not enough seats for the minimum of each");
  limits.max_each = std::min(limits.max_each, total);
  if (std::int64_t{limits.max_each} * count < total) return refuse("the maximum of each leaves seats over");
  if (method == SeatMethod::largest_remainder) return largest_remainder(total, parties, limits);
  return highest_averages(method, total, parties, limits);
}

}  // namespace cluse::domain::rules
