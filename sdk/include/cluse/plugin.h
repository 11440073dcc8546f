/* SPDX-License-Identifier: Apache-2.0
 *
 * cluse/plugin.h: the whole stable boundary between Cluse and its plugins. C11, no dependencies, no platform types.
 *
 *  - Text is UTF-8 with a length. A structured value is one CBOR item (RFC 8949; see "CBOR" below).
 *  - What is passed in is borrowed until the call returns. Bytes come back through a cluse_sink of the receiver's, so
 *    nothing is ever allocated on one side and freed on the other.
 *  - Every table starts with its size and only grows at its end: test a slot with CLUSE_HAS.
 *  - Nothing unwinds across a function pointer: no exception, no longjmp, no cancellation of a thread.
 *  - [lane] on the instance's lane, never two at once. [any] on any thread, concurrently.
 *  - The host checks both tags: a [lane] call from another thread answers CLUSE_DENIED.
 *  - A call of the host's may block its lane until the deadline. The host never blocks on a plugin.
 *
 * CBOR: definite lengths, no tags, keys are text and stand once, integers within int64_t, UTF-8 is checked, at most
 * CLUSE_DEPTH_MAX levels and CLUSE_PAYLOAD_MAX bytes.
 *
 * Version 0.x: slots may still change between minor versions; a host loads exactly the minor versions it names.
 * 0.2 adds services, live channels and handing over; a host of 0.2 runs what was built for 0.1. */
#pragma once

#include <stdint.h>

#define CLUSE_ABI_MAJOR 0u
#define CLUSE_ABI_MINOR 2u
#define CLUSE_DEPTH_MAX 16u
#define CLUSE_PAYLOAD_MAX (1u << 20)
#define CLUSE_EXPORT __attribute__((visibility("default")))
#define CLUSE_HAS(table, slot) \
  ((table) && (table)->slot && (const char*)(&(table)->slot + 1) <= (const char*)(table) + (table)->size)

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cluse_host cluse_host;
typedef struct cluse_plugin cluse_plugin;
typedef struct cluse_str {
  const char* data;
  uint64_t size;
} cluse_str;
typedef struct cluse_bytes {
  const uint8_t* data;
  uint64_t size;
} cluse_bytes;
typedef uint64_t cluse_handle; /* 0 is never live; the host checks it at every use */

/* Numbers are never used again for something else. */
typedef int32_t cluse_status;
enum {
  CLUSE_OK = 0,
  /* Answers: the call worked, and this is what it says. */
  CLUSE_NOT_FOUND = 1,
  CLUSE_CONFLICT = 2,
  CLUSE_REFUSED = 3,
  /* Failures: it did not work. */
  CLUSE_INVALID = -1,
  CLUSE_DENIED = -2,
  CLUSE_LIMIT = -3,
  CLUSE_TIMEOUT = -4,
  CLUSE_GONE = -5,
  CLUSE_UNSUPPORTED = -6,
  CLUSE_INTERNAL = -7
};

/* Takes bytes in order; may be written many times. Stop writing when it answers something else than CLUSE_OK. */
typedef struct cluse_sink {
  void* ctx;
  cluse_status (*write)(void* ctx, cluse_bytes chunk);
} cluse_sink;

/* Who asks, until when. Borrowed. Null where the plugin acts for itself. */
typedef struct cluse_call {
  uint32_t size, flags;
  uint64_t id;         /* for logs and traces */
  int64_t deadline_ms; /* Unix time in milliseconds */
  cluse_str user;      /* the person's id; empty: the system itself */
  cluse_str locale;    /* BCP 47: "fr-FR", "fr-CH", "de-CH" */
} cluse_call;

/* The one exported symbol. The host reads the numbers from the file before any code of it runs. */
typedef struct cluse_entry {
  uint32_t size, abi_major, abi_minor, reserved;
  cluse_plugin* (*create)(const cluse_host* host); /* [lane] allocate only: no call of the host's yet */
} cluse_entry;
CLUSE_EXPORT extern const cluse_entry cluse_plugin_entry;

struct cluse_plugin {
  uint32_t size, reserved;
  void* self;
  cluse_status (*start)(cluse_plugin*);                    /* [lane] migrations have run; the host is usable */
  void (*stop)(cluse_plugin*);                             /* [lane] the last moment the host is usable */
  void (*destroy)(cluse_plugin*);                          /* [lane] after stop, or after a failed start */
  const void* (*extension)(cluse_plugin*, const char* id); /* [any] fixed for the instance */
};

struct cluse_host {
  uint32_t size, abi_minor;
  void* self;
  const void* (*extension)(const cluse_host*, const char* id);   /* [any] null: not known, or not granted */
  void (*fail)(const cluse_host*, cluse_str why);                /* [lane] words for the status about to be returned;
                                                                    with CLUSE_REFUSED: the key of a sentence */
  void (*log)(const cluse_host*, int32_t level, cluse_str line); /* [any] 0 debug, 1 info, 2 warning, 3 error */
};

/* The plugin's own database: SQL of SQLite, one transaction at a time. Parameters are one CBOR array of null, booleans,
 * numbers, text and bytes. Rows come as CBOR arrays one after another; a write of the sink holds whole rows.
 * A transaction that is open when its call ends is rolled back. */
#define CLUSE_EXT_STORAGE "cluse.storage/1"
typedef struct cluse_host_storage { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*begin)(const cluse_host*, const cluse_call*, uint32_t write, cluse_handle* tx);
  cluse_status (*run)(const cluse_host*, cluse_handle tx, cluse_str sql, cluse_bytes params, const cluse_sink* rows);
  cluse_status (*commit)(const cluse_host*, cluse_handle tx);
  void (*rollback)(const cluse_host*, cluse_handle tx);
} cluse_host_storage;

/* notice: something has happened, and is on disk. At least once, in order: {sequence, at, verb, object_kind, object,
 *         workspace, actor, hat}; of another plugin's: {sequence, at, plugin, topic, actor, body}. What fails is told
 *         again later.
 * ask:    something is about to happen. CLUSE_REFUSED vetoes it with the words of fail(); one CBOR item written to
 *         `instead` replaces the body; nothing written: no change. */
#define CLUSE_EXT_EVENTS "cluse.events/1"
typedef struct cluse_plugin_events { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*notice)(cluse_plugin*, const cluse_call*, cluse_str topic, cluse_bytes body);
  cluse_status (*ask)(cluse_plugin*, const cluse_call*, cluse_str hook, cluse_bytes body, const cluse_sink* instead);
} cluse_plugin_events;

/* Routes below /x/<plugin id>. head: one CBOR map {status, headers}, optional; body: as it is sent. */
#define CLUSE_EXT_HTTP "cluse.http/1"
typedef struct cluse_request {
  uint32_t size, reserved;
  cluse_str method;                         /* "POST" */
  cluse_str route;                          /* as the manifest says it: "POST /polls/{poll}/vote" */
  cluse_str path;                           /* "/polls/7/vote" */
  cluse_bytes params, query, headers, body; /* the first three: CBOR maps of text to text */
} cluse_request;
typedef struct cluse_plugin_http { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*handle)(cluse_plugin*, const cluse_call*, const cluse_request*, const cluse_sink* head,
                         const cluse_sink* body);
} cluse_plugin_http;

/* Durable work for later. The same kind and key replace; a failure is tried again. Inside a write transaction of the
 * lane the job exists if that commits. */
#define CLUSE_EXT_JOBS "cluse.jobs/1"
typedef struct cluse_host_jobs { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*schedule)(const cluse_host*, const cluse_call*, cluse_str kind, cluse_str key, int64_t at_ms,
                           cluse_bytes body);
} cluse_host_jobs;
typedef struct cluse_plugin_jobs { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*perform)(cluse_plugin*, const cluse_call*, cluse_str kind, cluse_bytes body);
} cluse_plugin_jobs;

/* One question, one answer (0.2): the table of each service below, and of events ("emit"). body and answer: one CBOR
 * map each, the answer written only with CLUSE_OK. Operations and their maps: docs/plugins/services.md. The call is the
 * one that the lane is in, and the service acts with its user's rights; null: the plugin for itself. */
#define CLUSE_EXT_SEARCH "cluse.search/1"
#define CLUSE_EXT_NOTIFY "cluse.notify/1"
#define CLUSE_EXT_DOCUMENTS "cluse.documents/1"
#define CLUSE_EXT_CORE "cluse.core/1"
#define CLUSE_EXT_NET "cluse.net/1"
#define CLUSE_EXT_I18N "cluse.i18n/1"
#define CLUSE_EXT_REALTIME "cluse.realtime/1"
#define CLUSE_ANSWER_MAX (4u << 20)
typedef struct cluse_host_service { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*ask)(const cluse_host*, const cluse_call*, cluse_str operation, cluse_bytes body,
                      const cluse_sink* answer);
} cluse_host_service;

/* Live channels of the manifest (0.2). join: CLUSE_REFUSED keeps the caller out. message: what a member says, one CBOR
 * item; nobody hears of it unless the plugin publishes something. */
typedef struct cluse_plugin_realtime { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*join)(cluse_plugin*, const cluse_call*, cluse_str channel);
  cluse_status (*message)(cluse_plugin*, const cluse_call*, cluse_str channel, cluse_bytes body);
} cluse_plugin_realtime;

/* From one version of a plugin to the next while it runs (0.2): what only its memory holds. save: the last call before
 * stop; load: the first after start, with what the version before has written. What cannot be read is left behind. */
#define CLUSE_EXT_HANDOVER "cluse.handover/1"
typedef struct cluse_plugin_handover { /* [lane] */
  uint32_t size, reserved;
  cluse_status (*save)(cluse_plugin*, const cluse_call*, const cluse_sink* state);
  cluse_status (*load)(cluse_plugin*, const cluse_call*, cluse_bytes state);
} cluse_plugin_handover;

#ifdef __cplusplus
}
#endif
