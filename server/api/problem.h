// Problems: refusals as application/problem+json, with a sentence for the reader that says what to do.
#pragma once

#include "server/api/client_words.h"
#include "server/domain/refusal.h"
#include "server/net/http.h"

#include <span>
#include <string_view>

namespace cluse::api {

struct Sentence {
  std::string_view code;
  std::string_view fr, de;
};

/// One a code, in French and in the German of Switzerland. Sorted by code.
[[nodiscard]] std::span<const Sentence> sentences();
/// The sentence of `code`, or null.
[[nodiscard]] const Sentence* find_sentence(std::string_view code);

/// The HTTP status of `error`.
[[nodiscard]] int status_of(const Error& error);

/// A code that has no sentence is one of the layers below and is answered as what its kind means to the reader.
[[nodiscard]] net::Response problem(const net::Request& request, const domain::Refusal& refusal);
/// The same with a status that something else than an Error has decided.
/// `suspect`: which part of a number is wrong (registry.h), if that is known.
[[nodiscard]] net::Response problem(const net::Request& request, int status, std::string_view code,
                                    std::string_view field = {}, std::string_view suspect = {});

}  // namespace cluse::api
