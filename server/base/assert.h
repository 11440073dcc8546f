// CLUSE_ASSERT: for our own mistakes only. On in release; prints the place and aborts. Input from outside never reaches
// one.
#pragma once

namespace cluse {

/// Prints `expression`, `words` and the place on stderr, then aborts. Thread: any.
[[noreturn]] void assertion_failed(const char* expression, const char* words, const char* file, int line);

}  // namespace cluse

#define CLUSE_ASSERT(condition, words) \
  ((condition) ? static_cast<void>(0) : ::cluse::assertion_failed(#condition, words, __FILE__, __LINE__))
