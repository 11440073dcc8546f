// Where an instant becomes a civil day: the time zone of a body, by ICU's tables.
#pragma once

#include "server/base/time.h"
#include "server/domain/calendar/date.h"

#include <memory>
#include <string>

namespace cluse::domain::calendar {

/// A time zone. Immutable; copies share. Thread: any.
class Zone {
 public:
  /// `name` as in the IANA tables: "Europe/Paris", "Europe/Zurich". Error: `zone_unknown`.
  [[nodiscard]] static Result<Zone> find(const std::string& name);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// The day that it is there at that instant.
  [[nodiscard]] Date date_of(Instant at) const;
  /// The first millisecond of that day there.
  [[nodiscard]] Instant start_of(Date date) const;
  /// The last millisecond of that day there: what is sent by then was sent on that day.
  [[nodiscard]] Instant end_of(Date date) const;

 private:
  struct Rules;  // ICU's zone; kept out of this header
  Zone(std::string name, std::shared_ptr<const Rules> rules) : name_(std::move(name)), rules_(std::move(rules)) {}

  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

}  // namespace cluse::domain::calendar
