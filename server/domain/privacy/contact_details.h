// Contact details of a person and who may see each of them. Nothing is shown that she did not choose to show: the
// choice of an audience is her consent (RGPD art. 6(1)(a) and 7, nLPD art. 6(6)), kept with its instant, and withdrawn
// by choosing nobody.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kContactTextMax = 300;  ///< characters of one contact detail

enum class ContactKind { phone, mobile, email, address };
inline constexpr std::array<std::string_view, 4> kContactKinds = {"phone", "mobile", "email", "address"};

/// nobody: herself alone. spaces: people with whom she shares a workspace. everyone: whoever is signed in.
enum class Audience { nobody, spaces, everyone };
inline constexpr std::array<std::string_view, 3> kAudiences = {"nobody", "spaces", "everyone"};

[[nodiscard]] constexpr std::string_view to_text(ContactKind kind) {
  return kContactKinds[static_cast<std::size_t>(kind)];
}
[[nodiscard]] constexpr std::string_view to_text(Audience audience) {
  return kAudiences[static_cast<std::size_t>(audience)];
}
[[nodiscard]] std::optional<ContactKind> parse_contact_kind(std::string_view text);
[[nodiscard]] std::optional<Audience> parse_audience(std::string_view text);

struct ContactDetail {
  ContactKind kind = ContactKind::phone;
  std::string value;
  Audience audience = Audience::nobody;
  std::optional<Instant> consented_at;  ///< set exactly while others may see it
};

/// Thread: any.
class ContactDetails {
 public:
  explicit ContactDetails(Environment environment) : environment_(environment) {}

  /// Her own, in the order of the kinds.
  Task<Result<std::vector<ContactDetail>>> mine(Actor actor);
  /// An empty value removes it. The instant of consent changes when more people may see it, or something else is shown.
  /// Codes: "field_invalid" (value: no telephone number, no address of mail), "field_too_long".
  Task<Result<std::vector<ContactDetail>>> set(Actor actor, ContactDetail detail);
  /// What `actor` may see of `person`. Code: "person_not_found".
  Task<Result<std::vector<ContactDetail>>> of(Actor actor, Id person);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
