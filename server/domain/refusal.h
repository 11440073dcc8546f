// Refusal: an Error that may also say when trying again makes sense.
#pragma once

#include "server/base/result.h"

#include <chrono>
#include <utility>

namespace cluse::domain {

struct Refusal {
  Refusal(Error what, std::chrono::seconds wait = {})  // NOLINT(google-explicit-constructor)
      : error(std::move(what)), retry_after(wait) {}

  Error error;
  std::chrono::seconds retry_after;  ///< zero: nothing to say
};

}  // namespace cluse::domain
