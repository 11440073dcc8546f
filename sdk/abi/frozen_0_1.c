/* SPDX-License-Identifier: Apache-2.0
 *
 * The slots of ABI 0.1, as they were when it was made: their places, and the types of the functions in them. Compiled
 * as C11 and as C++20 by every build; nothing here is ever edited, a next version gets a file of its own. */
#include <cluse/plugin.h>

#include <stddef.h>

#ifdef __cplusplus
#define FROZEN(type, slot, place) static_assert(offsetof(type, slot) == (place), #type "." #slot)
#else
#define FROZEN(type, slot, place) _Static_assert(offsetof(type, slot) == (place), #type "." #slot)
#endif

FROZEN(cluse_str, data, 0);
FROZEN(cluse_str, size, 8);
FROZEN(cluse_bytes, data, 0);
FROZEN(cluse_bytes, size, 8);
FROZEN(cluse_sink, ctx, 0);
FROZEN(cluse_sink, write, 8);
FROZEN(cluse_call, size, 0);
FROZEN(cluse_call, flags, 4);
FROZEN(cluse_call, id, 8);
FROZEN(cluse_call, deadline_ms, 16);
FROZEN(cluse_call, user, 24);
FROZEN(cluse_call, locale, 40);
FROZEN(cluse_entry, size, 0);
FROZEN(cluse_entry, abi_major, 4);
FROZEN(cluse_entry, abi_minor, 8);
FROZEN(cluse_entry, reserved, 12);
FROZEN(cluse_entry, create, 16);
FROZEN(struct cluse_plugin, size, 0);
FROZEN(struct cluse_plugin, self, 8);
FROZEN(struct cluse_plugin, start, 16);
FROZEN(struct cluse_plugin, stop, 24);
FROZEN(struct cluse_plugin, destroy, 32);
FROZEN(struct cluse_plugin, extension, 40);
FROZEN(struct cluse_host, size, 0);
FROZEN(struct cluse_host, abi_minor, 4);
FROZEN(struct cluse_host, self, 8);
FROZEN(struct cluse_host, extension, 16);
FROZEN(struct cluse_host, fail, 24);
FROZEN(struct cluse_host, log, 32);
FROZEN(cluse_host_storage, begin, 8);
FROZEN(cluse_host_storage, run, 16);
FROZEN(cluse_host_storage, commit, 24);
FROZEN(cluse_host_storage, rollback, 32);
FROZEN(cluse_plugin_events, notice, 8);
FROZEN(cluse_plugin_events, ask, 16);
FROZEN(cluse_request, method, 8);
FROZEN(cluse_request, route, 24);
FROZEN(cluse_request, path, 40);
FROZEN(cluse_request, params, 56);
FROZEN(cluse_request, query, 72);
FROZEN(cluse_request, headers, 88);
FROZEN(cluse_request, body, 104);
FROZEN(cluse_plugin_http, handle, 8);
FROZEN(cluse_host_jobs, schedule, 8);
FROZEN(cluse_plugin_jobs, perform, 8);

/* Never called: it must compile without a cast. */
void cluse_frozen_0_1(cluse_plugin *plugin, cluse_host *host, cluse_host_storage *storage, cluse_plugin_events *events,
                      cluse_plugin_http *http, cluse_host_jobs *jobs, cluse_plugin_jobs *work, cluse_sink *sink,
                      cluse_entry *entry);
void cluse_frozen_0_1(cluse_plugin *plugin, cluse_host *host, cluse_host_storage *storage, cluse_plugin_events *events,
                      cluse_plugin_http *http, cluse_host_jobs *jobs, cluse_plugin_jobs *work, cluse_sink *sink,
                      cluse_entry *entry) {
  cluse_status (*write)(void *, cluse_bytes) = sink->write;
  cluse_plugin *(*create)(const cluse_host *) = entry->create;
  cluse_status (*start)(cluse_plugin *) = plugin->start;
  void (*stop)(cluse_plugin *) = plugin->stop;
  void (*destroy)(cluse_plugin *) = plugin->destroy;
  const void *(*offered)(cluse_plugin *, const char *) = plugin->extension;
  const void *(*granted)(const cluse_host *, const char *) = host->extension;
  void (*fail)(const cluse_host *, cluse_str) = host->fail;
  void (*log)(const cluse_host *, int32_t, cluse_str) = host->log;
  cluse_status (*begin)(const cluse_host *, const cluse_call *, uint32_t, cluse_handle *) = storage->begin;
  cluse_status (*run)(const cluse_host *, cluse_handle, cluse_str, cluse_bytes, const cluse_sink *) = storage->run;
  cluse_status (*commit)(const cluse_host *, cluse_handle) = storage->commit;
  void (*rollback)(const cluse_host *, cluse_handle) = storage->rollback;
  cluse_status (*notice)(cluse_plugin *, const cluse_call *, cluse_str, cluse_bytes) = events->notice;
  cluse_status (*ask)(cluse_plugin *, const cluse_call *, cluse_str, cluse_bytes, const cluse_sink *) = events->ask;
  cluse_status (*handle)(cluse_plugin *, const cluse_call *, const cluse_request *, const cluse_sink *,
                         const cluse_sink *) = http->handle;
  cluse_status (*schedule)(const cluse_host *, const cluse_call *, cluse_str, cluse_str, int64_t, cluse_bytes) =
      jobs->schedule;
  cluse_status (*perform)(cluse_plugin *, const cluse_call *, cluse_str, cluse_bytes) = work->perform;
  (void)write, (void)create, (void)start, (void)stop, (void)destroy, (void)offered, (void)granted, (void)fail;
  (void)log, (void)begin, (void)run, (void)commit, (void)rollback, (void)notice, (void)ask, (void)handle;
  (void)schedule, (void)perform;
}
