/* SPDX-License-Identifier: Apache-2.0
 *
 * What ABI 0.2 added to 0.1: places, and the types of the functions. Compiled as C11 and as C++20 by every build;
 * nothing here is ever edited, a next version gets a file of its own. */
#include <cluse/plugin.h>

#include <stddef.h>

#ifdef __cplusplus
#define FROZEN(type, slot, place) static_assert(offsetof(type, slot) == (place), #type "." #slot)
#else
#define FROZEN(type, slot, place) _Static_assert(offsetof(type, slot) == (place), #type "." #slot)
#endif

FROZEN(cluse_host_service, size, 0);
FROZEN(cluse_host_service, reserved, 4);
FROZEN(cluse_host_service, ask, 8);
FROZEN(cluse_plugin_realtime, size, 0);
FROZEN(cluse_plugin_realtime, join, 8);
FROZEN(cluse_plugin_realtime, message, 16);
FROZEN(cluse_plugin_handover, size, 0);
FROZEN(cluse_plugin_handover, save, 8);
FROZEN(cluse_plugin_handover, load, 16);

/* Never called: it must compile without a cast. */
void cluse_frozen_0_2(cluse_host_service *service, cluse_plugin_realtime *realtime, cluse_plugin_handover *handover);
void cluse_frozen_0_2(cluse_host_service *service, cluse_plugin_realtime *realtime, cluse_plugin_handover *handover) {
  cluse_status (*ask)(const cluse_host *, const cluse_call *, cluse_str, cluse_bytes, const cluse_sink *) =
      service->ask;
  cluse_status (*join)(cluse_plugin *, const cluse_call *, cluse_str) = realtime->join;
  cluse_status (*message)(cluse_plugin *, const cluse_call *, cluse_str, cluse_bytes) = realtime->message;
  cluse_status (*save)(cluse_plugin *, const cluse_call *, const cluse_sink *) = handover->save;
  cluse_status (*load)(cluse_plugin *, const cluse_call *, cluse_bytes) = handover->load;
  (void)ask, (void)join, (void)message, (void)save, (void)load;
}
