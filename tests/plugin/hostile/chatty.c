#include <cluse/plugin.h>

static cluse_plugin *create(const cluse_host *host) {
  (void)host;
  return 0;
}

int sqlite3_open(void) { return 0; }

const cluse_entry cluse_plugin_entry = {sizeof(cluse_entry), CLUSE_ABI_MAJOR, CLUSE_ABI_MINOR, 0, create};
