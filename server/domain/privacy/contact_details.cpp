#include "server/domain/privacy/contact_details.h"

#include "server/domain/text.h"

#include <algorithm>

namespace cluse::domain {
namespace {

template <class T, std::size_t n>
std::optional<T> parse(const std::array<std::string_view, n>& words, std::string_view text) {
  const auto* found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<T>(found - words.begin());
}

// As people write it, from any country: digits and what stands between them.
bool is_telephone(std::string_view text) {
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  const bool plain =
      std::ranges::all_of(text, [](char c) { return std::string_view("0123456789 +-./()").contains(c); });
  return plain && digits >= 5 && digits <= 20;
}

Result<std::string> clean_value(ContactKind kind, const std::string& raw) {
  CLUSE_TRY(value, kind == ContactKind::address ? clean_text(raw, "value", kContactTextMax)
                                                : clean_line(raw, "value", kContactTextMax, false));
  if (value.empty()) return value;
  switch (kind) {
    case ContactKind::phone:
    case ContactKind::mobile:
      if (!is_telephone(value)) return fail(Errc::invalid, "field_invalid", "value");
      break;
    case ContactKind::email: return clean_email(value, "value");
    case ContactKind::address: break;
  }
  return value;
}

std::vector<ContactDetail> details_of(storage::Snapshot& snapshot, Id person) {
  std::vector<ContactDetail> details;
  for (const auto& row :
       snapshot.all("SELECT kind, value, audience, consented_at FROM contact_detail WHERE person_id = ?", {person})) {
    const auto kind = parse_contact_kind(row.text(0));
    const auto audience = parse_audience(row.text(2));
    if (kind && audience) details.push_back({*kind, row.text(1), *audience, row.instant_or_null(3)});
  }
  std::ranges::sort(details, {}, &ContactDetail::kind);
  return details;
}

bool share_a_space(storage::Snapshot& snapshot, Id one, Id other) {
  return snapshot
      .one(
          "SELECT 1 FROM workspace_member a JOIN workspace_member b ON b.workspace_id = a.workspace_id "
          "WHERE a.person_id = ? AND b.person_id = ? LIMIT 1",
          {one, other})
      .has_value();
}

// Consent is given anew when other words are shown, or to more people; shown to fewer, the old one still stands.
std::optional<Instant> consent(const ContactDetail& wanted, const std::optional<ContactDetail>& before, Instant now) {
  if (wanted.audience == Audience::nobody) return std::nullopt;
  const bool stands =
      before && before->consented_at && before->value == wanted.value && before->audience >= wanted.audience;
  return stands ? before->consented_at : now;
}

}  // namespace

std::optional<ContactKind> parse_contact_kind(std::string_view text) {
  return parse<ContactKind>(kContactKinds, text);
}

std::optional<Audience> parse_audience(std::string_view text) {
  return parse<Audience>(kAudiences, text);
}

Task<Result<std::vector<ContactDetail>>> ContactDetails::mine(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::vector<ContactDetail>> {
    return details_of(snapshot, actor.person_id);
  };
  auto details = co_await environment_.database.read(std::move(body));
  co_return details;
}

Task<Result<std::vector<ContactDetail>>> ContactDetails::set(Actor actor, ContactDetail detail) {
  auto value = clean_value(detail.kind, detail.value);
  if (!value) co_return std::unexpected(std::move(value).error());
  detail.value = *value;
  auto body = [actor, detail,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<std::vector<ContactDetail>> {
    const auto all = details_of(tx, actor.person_id);
    const auto found = std::ranges::find(all, detail.kind, &ContactDetail::kind);
    const std::optional<ContactDetail> before = found == all.end() ? std::nullopt : std::optional(*found);
    if (detail.value.empty()) {
      tx.run("DELETE FROM contact_detail WHERE person_id = ? AND kind = ?", {actor.person_id, to_text(detail.kind)});
    } else {
      tx.run(
          "INSERT INTO contact_detail (person_id, kind, value, audience, consented_at) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (person_id, kind) DO UPDATE SET value = excluded.value, audience = excluded.audience, "
          "consented_at = excluded.consented_at",
          {actor.person_id, to_text(detail.kind), detail.value, to_text(detail.audience),
           consent(detail, before, now)});
    }
    // Which field and for whom; what stands in it is nobody's business.
    const std::string audience(detail.value.empty() ? "" : to_text(detail.audience));
    journal::append(tx, {author_of(actor),
                         journal::Verb::contact_changed,
                         journal::ObjectKind::person,
                         actor.person_id,
                         {},
                         now,
                         {{"field", std::string(to_text(detail.kind))}, {"audience", audience}}});
    return details_of(tx, actor.person_id);
  };
  auto details = co_await environment_.database.write(std::move(body));
  co_return details;
}

Task<Result<std::vector<ContactDetail>>> ContactDetails::of(Actor actor, Id person) {
  auto body = [actor, person](storage::Snapshot& snapshot) -> Result<std::vector<ContactDetail>> {
    if (!snapshot.one("SELECT 1 FROM person WHERE id = ? AND erased_at IS NULL", {person}))
      return fail(Errc::not_found, "person_not_found");
    auto details = details_of(snapshot, person);
    if (actor.person_id == person) return details;
    const Audience least = share_a_space(snapshot, actor.person_id, person) ? Audience::spaces : Audience::everyone;
    std::erase_if(details, [least](const ContactDetail& each) { return each.audience < least; });
    return details;
  };
  auto details = co_await environment_.database.read(std::move(body));
  co_return details;
}

}  // namespace cluse::domain
