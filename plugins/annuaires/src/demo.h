// The sample content: real organisations, people as roles.
#pragma once

#include "app.h"

namespace annuaires::demo {

struct Made {
  int directories = 0, entries = 0;
};
/// Makes what is not there yet; a directory that exists is left as it is.
Made load(Context& context, Tx& tx);

}  // namespace annuaires::demo
