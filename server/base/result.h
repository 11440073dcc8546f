// Result<T>: the world's answer, a value or an Error. See docs/hacking.md, "Errors: three kinds, three tools".
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace cluse {

/// What kind of refusal this is; decides the HTTP status and whether trying again can help.
enum class Errc {
  invalid,          ///< the input is wrong; trying again unchanged cannot help (400/422)
  unauthenticated,  ///< nobody is signed in, or the credentials are wrong (401)
  denied,           ///< known person, missing right (403)
  not_found,        ///< no such thing, or none that this person may know of (404)
  conflict,         ///< the state has changed meanwhile, or a unique name is taken (409)
  gone,             ///< it existed and is over: an expired link, a purged document (410)
  too_large,        ///< past a size limit (413)
  unsupported,      ///< a format or content type that is not accepted (415)
  too_many,         ///< past a rate or count limit; try later (429)
  storage_full,     ///< the disk is full; nothing was changed (507)
  unavailable,      ///< stopping, overloaded or the store fails; try later (503)
  internal,         ///< a bug or a broken invariant, caught at a boundary (500)
};

/// A refusal. `code` is a stable identifier that outlives releases and names the sentence shown to the reader.
struct Error {
  Errc kind = Errc::internal;
  std::string_view code;  ///< a string literal such as "document_not_found"; never a temporary
  std::string detail;     ///< words for the log and for developers, in English; never shown alone to a user
  std::string field;      ///< the field of the request that caused it, or empty
};

template <class T>
using Result = std::expected<T, Error>;

/// Shorthand: `return fail(Errc::not_found, "document_not_found");`
[[nodiscard]] inline std::unexpected<Error> fail(Errc kind, std::string_view code, std::string detail = {},
                                                 std::string field = {}) {
  return std::unexpected(Error{kind, code, std::move(detail), std::move(field)});
}

}  // namespace cluse

/// `CLUSE_TRY(document, find(id));` declares `document` or returns the error.
#define CLUSE_TRY(name, expression)                                             \
  auto name##_result = (expression);                                            \
  if (!name##_result) return std::unexpected(std::move(name##_result).error()); \
  auto& name = *name##_result

/// The same inside a coroutine.
#define CLUSE_CO_TRY(name, expression)                                             \
  auto name##_result = (expression);                                               \
  if (!name##_result) co_return std::unexpected(std::move(name##_result).error()); \
  auto& name = *name##_result

/// For a Result whose value is not needed (Result<void> above all).
#define CLUSE_CHECK(expression)                                                                    \
  do {                                                                                             \
    if (auto checked = (expression); !checked) return std::unexpected(std::move(checked).error()); \
  } while (false)

#define CLUSE_CO_CHECK(expression)                                                                    \
  do {                                                                                                \
    if (auto checked = (expression); !checked) co_return std::unexpected(std::move(checked).error()); \
  } while (false)
