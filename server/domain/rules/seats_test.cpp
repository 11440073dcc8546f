// Aim: seats always sum, keep their limits, and are those of the sources. Method: vectors, then random parties with
// rapidcheck (it prints its seed).

#include "server/domain/rules/seats.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>

namespace cluse::domain::rules {
namespace {

using Seats = std::vector<int>;

// domain.md row 39: the five EPCI with their municipal populations, INSEE RP 2017 (row 40).
const std::vector<Party> kPole = {{"PMA", 139'776},
                                  {"Grand Belfort", 103'741},
                                  {"Pays d'Héricourt", 20'962},
                                  {"Sud Territoire", 23'531},
                                  {"Vosges du Sud", 15'350}};

TEST(Seats, OfThePoleAreThoseThatDomainMdComputes) {
  // domain.md section 1.6, CGCT L5731-3: 15/11/2/2/2 or 16/11/2/2/1, which is exactly half and still allowed.
  const SeatLimits limits{1, 16};
  EXPECT_EQ(distribute(SeatMethod::largest_remainder, 32, kPole, limits).value(), (Seats{15, 11, 2, 2, 2}));
  EXPECT_EQ(distribute(SeatMethod::sainte_lague, 32, kPole, limits).value(), (Seats{15, 11, 2, 2, 2}));
  EXPECT_EQ(distribute(SeatMethod::dhondt, 32, kPole, limits).value(), (Seats{16, 11, 2, 2, 1}));
}

TEST(Seats, OfThePoleStandOnATableThatSumsToOneFigureOnly) {
  // domain.md rows 39 and 40, trap: the sources also say 310 000, 300 000 and more than 300 000.
  std::int64_t people = 0;
  for (const Party& party : kPole) people += party.population;
  EXPECT_EQ(people, 303'360);
}

TEST(Seats, KeepTheirLimitsWhereProportionWouldNot) {
  const std::vector<Party> uneven = {{"A", 900}, {"B", 50}, {"C", 50}};
  for (const SeatMethod method : {SeatMethod::largest_remainder, SeatMethod::sainte_lague, SeatMethod::dhondt}) {
    EXPECT_EQ(distribute(method, 10, uneven, {1, 5}).value()[0], 5) << "never more than half";
    EXPECT_EQ(distribute(method, 3, uneven, {1, 3}).value(), (Seats{1, 1, 1}));
  }
  EXPECT_EQ(distribute(SeatMethod::largest_remainder, 1, {{"A", 5}, {"B", 5}}).value(), (Seats{1, 0}))
      << "ties go to the party named first";
}

TEST(Seats, ThatCannotBeSharedAreRefused) {
  const auto code = [](int total, const std::vector<Party>& parties, SeatLimits limits) {
    const auto seats = distribute(SeatMethod::dhondt, total, parties, limits);
    return seats ? std::string("ok") : std::string(seats.error().code);
  };
  EXPECT_EQ(code(4, kPole, {1, 4}), "seats_impossible");
  EXPECT_EQ(code(32, kPole, {1, 6}), "seats_impossible");
  EXPECT_EQ(code(0, kPole, {}), "seats_impossible");
  EXPECT_EQ(code(kSeatsMax + 1, kPole, {}), "seats_impossible");
  EXPECT_EQ(code(5, {}, {}), "seats_impossible");
  EXPECT_EQ(code(5, {{"A", 0}}, {}), "seats_impossible");
  EXPECT_EQ(code(5, {{"A", -1}}, {}), "seats_impossible");
  EXPECT_EQ(code(5, {{"A", kPopulationMax + 1}}, {}), "seats_impossible");
  EXPECT_EQ(code(5, {{"A", 1}}, {6, 5}), "seats_impossible");
  EXPECT_EQ(code(5, std::vector<Party>(kPartiesMax + 1, {"A", 1}), {}), "seats_impossible");
}

RC_GTEST_PROP(SeatsProperty, AlwaysSumAndKeepTheirLimits, ()) {
  const auto populations = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200'000)));
  std::vector<Party> parties;
  for (const int people : populations) parties.push_back({"p", people});
  RC_PRE(std::accumulate(populations.begin(), populations.end(), std::int64_t{0}) > 0);
  RC_PRE(parties.size() <= kPartiesMax);
  const int total = *rc::gen::inRange(1, kSeatsMax);
  const int count = static_cast<int>(parties.size());
  const int low = *rc::gen::inRange(0, total / count + 1);
  const int high = *rc::gen::inRange(std::max(low, (total + count - 1) / count), total + 1);
  for (const SeatMethod method : {SeatMethod::largest_remainder, SeatMethod::sainte_lague, SeatMethod::dhondt}) {
    const auto seats = distribute(method, total, parties, {low, high});
    RC_ASSERT(seats.has_value());
    RC_ASSERT(std::accumulate(seats->begin(), seats->end(), 0) == total);
    RC_ASSERT(std::ranges::all_of(*seats, [&](int n) { return n >= low && n <= high; }));
    for (std::size_t i = 0; i < parties.size(); ++i) {
      for (std::size_t j = 0; j < parties.size(); ++j) {
        // More people never means two seats less.
        if (parties[i].population > parties[j].population) RC_ASSERT((*seats)[i] + 1 > (*seats)[j]);
      }
    }
  }
}

}  // namespace
}  // namespace cluse::domain::rules
