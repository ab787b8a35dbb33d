/*
 * The frames of a WebSocket (RFC 6455 section 5), at a server's end: what a
 * client's bytes say, and the head of what is said to it. Whole frames are
 * read where they lie; only what has not come whole is kept, and of a message
 * no more than the limit. No extensions. Pure.
 *
 * Thread: one at a time, its owner's.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 6455 section 5.2 */
typedef enum {
  PEAL_WEBSOCKET_MORE = 0x0, /* only inside: goes on with a message */
  PEAL_WEBSOCKET_TEXT = 0x1,
  PEAL_WEBSOCKET_BINARY = 0x2,
  PEAL_WEBSOCKET_CLOSE = 0x8,
  PEAL_WEBSOCKET_PING = 0x9,
  PEAL_WEBSOCKET_PONG = 0xa,
} PealWebsocketKind;

/* RFC 6455 section 7.4.1 */
enum {
  PEAL_WEBSOCKET_CODE_NORMAL = 1000,
  PEAL_WEBSOCKET_CODE_GOING_AWAY = 1001,
  PEAL_WEBSOCKET_CODE_PROTOCOL = 1002,
  PEAL_WEBSOCKET_CODE_NO_STATUS = 1005, /* never sent */
  PEAL_WEBSOCKET_CODE_BAD_DATA = 1007,
  PEAL_WEBSOCKET_CODE_POLICY = 1008,
  PEAL_WEBSOCKET_CODE_TOO_LARGE = 1009,
};

#define PEAL_WEBSOCKET_MAX_HEAD_BYTES 10
#define PEAL_WEBSOCKET_MAX_CONTROL_BYTES 125

/**
 * PealWebsocketReader:
 *
 * Starts as { .max_bytes = N }; the rest is its own.
 */
typedef struct {
  gsize max_bytes;     /* of a message */
  GByteArray *rest;    /* (nullable): a frame's beginning */
  GByteArray *message; /* (nullable): the parts of a message so far */
  PealWebsocketKind message_kind;
} PealWebsocketReader;

/**
 * PealWebsocketFunc:
 * @text: what a message or control frame holds, unmasked; UTF-8 if it is text.
 *   Not ended by NUL
 *
 * Returns: whether to go on; FALSE when the reader may be gone
 */
typedef gboolean (*PealWebsocketFunc) (
    gpointer data, PealWebsocketKind kind, const gchar *text, gsize length);

guint
peal_websocket_reader_feed (PealWebsocketReader *self, guint8 *bytes,
    gsize length, PealWebsocketFunc func, gpointer data);
void
peal_websocket_reader_clear (PealWebsocketReader *self);

gsize
peal_websocket_write_head (guint8 *head, PealWebsocketKind kind, gsize length);
gsize
peal_websocket_skip_written (const guint8 *frames, gsize length, gsize offset);
guint
peal_websocket_read_close (const gchar *text, gsize length);

G_END_DECLS
