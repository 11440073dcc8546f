// Rights in sentences: why somebody may or may not do something, in the reader's language.
#pragma once

#include "server/api/client_words.h"
#include "server/domain/rights/grants.h"

#include <optional>
#include <string>

namespace cluse::api {

[[nodiscard]] std::string role_words(domain::rights::Role role, Language language);
[[nodiscard]] std::string role_words(const domain::rights::GivenRole& role, Language language);
/// "modifier le contenu": what stands behind "may".
[[nodiscard]] std::string permission_words(domain::rights::Permission permission, Language language);
/// One reason, as a sentence.
[[nodiscard]] std::string reason_sentence(const domain::rights::Reason& reason, Language language);
/// The answer: yes or no, and what is missing.
[[nodiscard]] std::string answer_sentence(const domain::rights::Explanation& explanation,
                                          std::optional<domain::rights::Permission> asked, Language language);

}  // namespace cluse::api
