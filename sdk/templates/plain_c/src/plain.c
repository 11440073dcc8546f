/* SPDX-License-Identifier: Apache-2.0
 *
 * A plugin in plain C11, against the header alone: it answers what it was sent. */
#include <cluse/plugin.h>

#include <stdlib.h>
#include <string.h>

typedef struct {
  cluse_plugin table;
  const cluse_host *host;
} plain;

static cluse_str text(const char *words) {
  cluse_str out = {words, strlen(words)};
  return out;
}

static cluse_status start(cluse_plugin *self) {
  plain *me = self->self;
  me->host->log(me->host, 1, text("plain C says hello"));
  return CLUSE_OK;
}
static void stop(cluse_plugin *self) { (void)self; }
static void destroy(cluse_plugin *self) { free(self->self); }

static cluse_status handle(cluse_plugin *self, const cluse_call *call, const cluse_request *request,
                           const cluse_sink *head, const cluse_sink *body) {
  /* CBOR: a map of one pair, "headers": a map of one pair, "content-type": "text/plain" */
  static const uint8_t kHead[] = "\xa1\x67" "headers" "\xa1\x6c" "content-type" "\x6a" "text/plain";
  plain *me = self->self;
  cluse_bytes bytes = {kHead, sizeof kHead - 1};
  cluse_status status;
  (void)call;
  if (request->body.size == 0) {
    me->host->fail(me->host, text("nothing_to_echo"));
    return CLUSE_REFUSED;
  }
  status = head->write(head->ctx, bytes);
  return status != CLUSE_OK ? status : body->write(body->ctx, request->body);
}

static const void *extension(cluse_plugin *self, const char *id) {
  static const cluse_plugin_http kHttp = {sizeof(cluse_plugin_http), 0, handle};
  (void)self;
  return strcmp(id, CLUSE_EXT_HTTP) == 0 ? &kHttp : NULL;
}

static cluse_plugin *create(const cluse_host *host) {
  plain *me = calloc(1, sizeof *me);
  if (me == NULL) return NULL;
  me->table.size = sizeof me->table;
  me->table.self = me;
  me->table.start = start;
  me->table.stop = stop;
  me->table.destroy = destroy;
  me->table.extension = extension;
  me->host = host;
  return &me->table;
}

const cluse_entry cluse_plugin_entry = {sizeof(cluse_entry), CLUSE_ABI_MAJOR, CLUSE_ABI_MINOR, 0, create};
