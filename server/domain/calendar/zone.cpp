#include "server/domain/calendar/zone.h"

#include "server/base/assert.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <algorithm>

namespace cluse::domain::calendar {

struct Zone::Rules {
  std::unique_ptr<icu::BasicTimeZone> zone;

  /// Milliseconds that the zone is ahead of UTC at an instant, or at a local time read as if it were UTC.
  [[nodiscard]] std::int64_t offset(double at, bool local) const {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    if (local) {
      // Where a local time exists twice or never, the earlier reading: a day starts as early as it can.
      zone->getOffsetFromLocal(at, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, summer, status);
    } else {
      zone->getOffset(at, false, raw, summer, status);
    }
    CLUSE_ASSERT(U_SUCCESS(status), "a zone that was found knows its offsets");
    return std::int64_t{raw} + summer;
  }
};

Result<Zone> Zone::find(const std::string& name) {
  constexpr std::size_t kNameBytesMax = 64;
  const auto plain = [](char c) { return static_cast<unsigned char>(c) < 128; };
  if (name.empty() || name.size() > kNameBytesMax || !std::ranges::all_of(name, plain)) {
    return fail(Errc::invalid, "zone_unknown", "a time zone such as Europe/Paris is expected");
  }
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  icu::UnicodeString id;
  zone->getID(id);
  auto* rules = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (rules == nullptr || id == UCAL_UNKNOWN_ZONE_ID) {
    return fail(Errc::invalid, "zone_unknown", "there is no time zone " + name);
  }
  zone.release();
  auto owned = std::make_shared<Rules>();
  owned->zone.reset(rules);
  return Zone(name, std::move(owned));
}

Date Zone::date_of(Instant at) const {
  const std::chrono::milliseconds local(at.ms + rules_->offset(static_cast<double>(at.ms), false));
  return Date{std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::milliseconds>(local))};
}

Instant Zone::start_of(Date date) const {
  const std::int64_t local =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days(date).time_since_epoch()).count();
  return {local - rules_->offset(static_cast<double>(local), true)};
}

Instant Zone::end_of(Date date) const {
  return {start_of(add_days(date, 1)).ms - 1};
}

}  // namespace cluse::domain::calendar
