/* SPDX-License-Identifier: Apache-2.0
 *
 * Names every table of the boundary in a function's type, so that tools which compare libraries see them: in a plugin they
 * are reached through `const void *`, and no tool follows that. Built with debugging information and never shipped. */
#include <cluse/plugin.h>

#define WITNESS(table)         \
  CLUSE_EXPORT table *witness_##table(table *one); \
  table *witness_##table(table *one) { return one; }

WITNESS(cluse_entry)
WITNESS(cluse_plugin)
WITNESS(cluse_host)
WITNESS(cluse_call)
WITNESS(cluse_sink)
WITNESS(cluse_request)
WITNESS(cluse_host_storage)
WITNESS(cluse_host_jobs)
WITNESS(cluse_plugin_events)
WITNESS(cluse_plugin_http)
WITNESS(cluse_plugin_jobs)
#if CLUSE_ABI_MAJOR > 0 || CLUSE_ABI_MINOR >= 2
WITNESS(cluse_host_service)
WITNESS(cluse_plugin_realtime)
WITNESS(cluse_plugin_handover)
#endif
