#include "server/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace cluse {

void assertion_failed(const char* expression, const char* words, const char* file, int line) {
  std::fprintf(stderr, "cluse: assertion failed at %s:%d: %s (%s)\n", file, line, words, expression);
  std::abort();
}

}  // namespace cluse
