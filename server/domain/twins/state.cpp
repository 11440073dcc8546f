#include "server/domain/twins/state.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <array>
#include <set>

namespace cluse::domain::twins {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"current", "stale", "review", "missing", "orphan", "extra"};

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

State state_of(const Unit& source, const Unit* own, const Mark* mark) {
  if (own == nullptr || own->text.empty()) return State::missing;
  if (mark == nullptr) return State::review;
  if (mark->source != source.hash) return State::stale;
  return mark->review || mark->own != own->hash ? State::review : State::current;
}

}  // namespace

std::string_view to_text(State state) {
  return kStates[static_cast<std::size_t>(state)];
}

Marks read_marks(std::string_view json) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(json, error);
  Marks marks;
  if (error || !parsed.is_object()) return marks;
  for (const auto& entry : parsed.get_object()) {
    if (!entry.value().is_object()) continue;
    const auto& object = entry.value().get_object();
    const auto* review = object.if_contains("review");
    marks[entry.key()] = {text_of(object, "source"), text_of(object, "own"),
                          review != nullptr && review->is_bool() && review->get_bool()};
  }
  return marks;
}

std::vector<Judged> judge(const std::vector<Unit>& source, const std::vector<Unit>& translation, const Marks& marks) {
  std::map<std::string_view, const Unit*> own;
  for (const Unit& unit : translation)
    if (!unit.id.empty()) own.try_emplace(unit.id, &unit);
  std::vector<Judged> judged;
  std::set<std::string_view> known;
  for (const Unit& unit : source) {
    if (!unit.id.empty() && !known.insert(unit.id).second) continue;
    if (unit.text.empty()) continue;
    const auto twin = unit.id.empty() ? own.end() : own.find(unit.id);
    const auto mark = marks.find(unit.id);
    judged.push_back({unit.id, state_of(unit, twin == own.end() ? nullptr : twin->second,
                                        mark == marks.end() ? nullptr : &mark->second)});
  }
  for (const Unit& unit : translation) {
    if (unit.text.empty() || (!unit.id.empty() && !known.insert(unit.id).second)) continue;
    judged.push_back({unit.id, marks.contains(unit.id) ? State::orphan : State::extra});
  }
  return judged;
}

Counts count(const std::vector<Judged>& judged) {
  Counts counts;
  for (const Judged& each : judged) {
    counts.current += each.state == State::current;
    counts.stale += each.state == State::stale;
    counts.review += each.state == State::review;
    counts.missing += each.state == State::missing;
    counts.orphan += each.state == State::orphan;
  }
  return counts;
}

}  // namespace cluse::domain::twins
