/*
 * One WebSocket. See websocket-transport.h.
 *
 * Called by the room connection or Engine.IO session that owns it, and by the
 * poller; calls the frame reader (wire/websocket-frames). libsoup has done the
 * handshake before.
 *
 * What is said in a round of the poller is written together at its end; what
 * the kernel does not take then waits, up to the bound. A socket that closes
 * with 1000 or 1001 was meant to; any other end is a lost connection.
 *
 * Life: open -> closing (our close is out, the client's is awaited) or parting
 * (the client's came, ours is on its way) -> over. One that was told what it
 * did wrong is over for its owner at once, and listens for a while (deaf), lest
 * the kernel throw our last words away with what nobody read.
 */
#include "server/websocket-transport.h"

#include <gst/gst.h>
#include <string.h>

#include "base/sources.h"
#include "server/byte-stream.h"
#include "server/server-limits.h"
#include "wire/websocket-frames.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* protocols.md 1: a member that misses two pongs is dropped. */
#define MAX_MISSED_PONGS 2
/* chosen: more than this is not kept until the end of the round. */
#define LOT_BYTES (16 * 1024)
/* chosen: reads of one socket in a round; TLS has to be read to its end. */
#define MAX_READS 8
/* chosen: a goodbye that is not through by then is not waited for. */
#define LINGER_MS 1000
/* chosen, as in libsoup: how long the client has to agree to a close. */
#define CLOSE_TIMEOUT_MS 5000

typedef enum {
  STATE_OPEN,
  STATE_CLOSING,
  STATE_PARTING,
  STATE_DEAF,
  STATE_OVER,
} State;

struct _PealWebsocketTransport {
  PealTransport parent;
  PealByteStream stream;
  PealWebsocketReader reader;
  State state;
  guint end_code;   /* the client's close code */
  GByteArray *out;  /* (nullable): frames */
  gsize n_written;  /* of them */
  gsize n_of_begun; /* how many bytes at its start are of a frame written in
                     * part before */
  gsize backlog_bytes;
  gboolean is_full;    /* the kernel takes no more */
  gboolean is_broken;  /* nothing can be written any more */
  gboolean reads_more; /* without being told to */
  gboolean was_heard;  /* since the last look */
  guint n_missed_pongs;
  PealPoller *poller;
  PealPolled *polled;
  PealBeat *beat;
  GSource *end_timer;
};

G_DEFINE_FINAL_TYPE (
    PealWebsocketTransport, peal_websocket_transport, PEAL_TYPE_TRANSPORT)

/* ---- the end ---- */

static void
let_go (PealWebsocketTransport *self)
{
  g_clear_pointer (&self->beat, peal_beat_remove);
  g_clear_pointer (&self->polled, peal_polled_remove);
  peal_byte_stream_close (&self->stream);
  g_clear_pointer (&self->out, g_byte_array_unref);
  peal_websocket_reader_clear (&self->reader);
  peal_source_clear (&self->end_timer);
}

static gboolean
meant_to_go (guint code)
{
  return code == PEAL_WEBSOCKET_CODE_NORMAL ||
      code == PEAL_WEBSOCKET_CODE_GOING_AWAY;
}

/* Only from the main context. */
static void
finish (PealWebsocketTransport *self)
{
  State before = self->state;

  GST_DEBUG_OBJECT (self, "over, the client's code is %u", self->end_code);
  self->state = STATE_OVER;
  let_go (self);
  if (before != STATE_DEAF && before != STATE_OVER)
    peal_transport_note_closed (
        PEAL_TRANSPORT (self), meant_to_go (self->end_code));
}

static gboolean
on_end_timer (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  finish (self);
  return G_SOURCE_REMOVE;
}

static void
end_within (PealWebsocketTransport *self, guint ms)
{
  peal_source_start_timer (
      &self->end_timer, ms, "peal-websocket-end", on_end_timer, self);
}

/* ---- out ---- */

static gsize
count_waiting (PealWebsocketTransport *self)
{
  return self->out ? self->out->len - self->n_written : 0;
}

static void
forget_written (PealWebsocketTransport *self)
{
  g_clear_pointer (&self->out, g_byte_array_unref);
  self->n_written = 0;
  self->n_of_begun = 0;
}

static void
note_room (PealWebsocketTransport *self, gboolean is_full)
{
  self->is_full = is_full;
  if (self->polled)
    peal_polled_want_writable (self->polled, is_full);
}

/* Writes what the kernel takes. */
static void
flush (PealWebsocketTransport *self)
{
  gssize n = 1;

  while (count_waiting (self) > 0 && n > 0 && !self->is_broken) {
    n = peal_byte_stream_write (
        &self->stream, self->out->data + self->n_written, count_waiting (self));
    if (n > 0)
      self->n_written += n;
    self->is_broken = n == PEAL_BYTE_STREAM_BROKEN;
  }
  if (count_waiting (self) == 0 || self->is_broken)
    forget_written (self);
  note_room (self, count_waiting (self) > 0);
}

/* Where the frame ends that is being written. */
static gsize
find_end_of_begun (PealWebsocketTransport *self)
{
  gsize start = self->n_of_begun;

  if (self->n_written <= start)
    return start;
  return start +
      peal_websocket_skip_written (self->out->data + start,
          self->out->len - start, self->n_written - start);
}

/* What was written of a long backlog is not kept for ever. */
static void
trim (PealWebsocketTransport *self)
{
  if (self->n_written < LOT_BYTES)
    return;
  self->n_of_begun = find_end_of_begun (self) - self->n_written;
  g_byte_array_remove_range (self->out, 0, self->n_written);
  self->n_written = 0;
}

static void
put (PealWebsocketTransport *self, PealWebsocketKind kind, const gchar *text,
    gsize length)
{
  guint8 head[PEAL_WEBSOCKET_MAX_HEAD_BYTES];
  gsize head_bytes = peal_websocket_write_head (head, kind, length);

  if (!self->polled || self->is_broken)
    return;
  if (!self->out)
    self->out = g_byte_array_sized_new (head_bytes + length);
  g_byte_array_append (self->out, head, head_bytes);
  g_byte_array_append (self->out, (const guint8 *)text, length);
  if (!self->is_full && count_waiting (self) > LOT_BYTES)
    flush (self);
  peal_polled_settle_soon (self->polled);
}

static void
put_close (PealWebsocketTransport *self, guint code, const gchar *reason)
{
  gchar text[PEAL_WEBSOCKET_MAX_CONTROL_BYTES] = { code >> 8, code & 0xff };
  gsize length = MIN (strlen (reason), sizeof text - 2);

  if (code == PEAL_WEBSOCKET_CODE_NO_STATUS) {
    put (self, PEAL_WEBSOCKET_CLOSE, NULL, 0);
    return;
  }
  memcpy (text + 2, reason, length);
  put (self, PEAL_WEBSOCKET_CLOSE, text, 2 + length);
}

/* ---- in ---- */

static gboolean
on_frame (
    gpointer data, PealWebsocketKind kind, const gchar *text, gsize length)
{
  PealWebsocketTransport *self = data;
  PealTransport *transport = data;

  self->was_heard = TRUE;
  if (kind == PEAL_WEBSOCKET_CLOSE) {
    self->end_code = peal_websocket_read_close (text, length);
    if (self->state == STATE_OPEN)
      put_close (self, self->end_code, "");
    self->state = STATE_PARTING;
    end_within (self, CLOSE_TIMEOUT_MS);
    peal_polled_settle_soon (self->polled);
  } else if (self->state != STATE_OPEN) {
    return TRUE;
  } else if (kind == PEAL_WEBSOCKET_TEXT) {
    peal_transport_take_frame (transport, text, length);
  } else if (kind == PEAL_WEBSOCKET_BINARY) {
    peal_transport_take_odd_frame (transport, length);
  } else if (kind == PEAL_WEBSOCKET_PING) {
    if (count_waiting (self) + length <= self->backlog_bytes)
      put (self, PEAL_WEBSOCKET_PONG, text, length);
  }
  return self->polled && self->state < STATE_PARTING;
}

/* It is told what is wrong, and is over for its owner. */
static void
fail (PealWebsocketTransport *self, guint code)
{
  GST_INFO_OBJECT (self, "ended with %u", code);
  if (code == PEAL_WEBSOCKET_CODE_TOO_LARGE)
    peal_transport_note_flood (PEAL_TRANSPORT (self));
  if (self->state == STATE_OPEN)
    put_close (self, code, "");
  flush (self);
  self->state = STATE_DEAF;
  g_clear_pointer (&self->beat, peal_beat_remove);
  peal_websocket_reader_clear (&self->reader);
  end_within (self, LINGER_MS);
  g_source_set_callback (
      self->end_timer, on_end_timer, g_object_ref (self), g_object_unref);
  peal_transport_note_closed (PEAL_TRANSPORT (self), FALSE);
}

static void
take (PealWebsocketTransport *self, guint8 *bytes, gsize length)
{
  guint code;

  if (self->state >= STATE_PARTING)
    return;
  code =
      peal_websocket_reader_feed (&self->reader, bytes, length, on_frame, self);
  if (code && self->state < STATE_PARTING)
    fail (self, code);
}

/* TLS may keep what it has read, without the socket being readable. */
static void
read_on (PealWebsocketTransport *self)
{
  gsize size;
  guint8 *scratch = peal_poller_get_scratch (self->poller, &size);
  gssize n = 1;

  if (self->reads_more)
    take (self, scratch, 0);
  for (guint i = 0; i < MAX_READS && n > 0 && self->polled; i++) {
    n = peal_byte_stream_read (&self->stream, scratch, size);
    if (n > 0)
      take (self, scratch, n);
    if (!self->stream.tls)
      break;
  }
  if (!self->polled)
    return;
  self->reads_more = self->stream.tls && n > 0;
  if (self->reads_more)
    peal_polled_settle_soon (self->polled);
  if (n == PEAL_BYTE_STREAM_END || n == PEAL_BYTE_STREAM_BROKEN)
    finish (self);
}

/* ---- the poller's words ---- */

static void
on_readable (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  read_on (self);
}

static void
on_settle (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  if (!self->is_full)
    flush (self);
  if (self->is_broken || (self->state == STATE_PARTING && !self->is_full))
    finish (self);
  else if (self->reads_more)
    read_on (self);
}

static void
on_writable (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  note_room (self, FALSE);
  on_settle (self);
  if (self->out)
    trim (self);
}

static const PealPolledOwner polled_owner = { on_readable, on_writable,
  on_settle };

/* Once in each interval: is it still there? */
static void
on_beat (gpointer data)
{
  g_autoptr (PealWebsocketTransport) self = g_object_ref (data);

  self->n_missed_pongs = self->was_heard ? 0 : self->n_missed_pongs + 1;
  self->was_heard = FALSE;
  if (self->n_missed_pongs >= MAX_MISSED_PONGS) {
    g_clear_pointer (&self->beat, peal_beat_remove);
    peal_transport_note_silence (PEAL_TRANSPORT (self));
  } else if (self->state == STATE_OPEN && !self->is_full) {
    put (self, PEAL_WEBSOCKET_PING, "", 0);
  }
}

/* ---- the transport's side ---- */

static gboolean
send_text (PealTransport *transport, const gchar *text)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (transport);
  gsize length = strlen (text);

  if (self->state != STATE_OPEN)
    return TRUE;
  if (count_waiting (self) + length > self->backlog_bytes)
    return FALSE;
  put (self, PEAL_WEBSOCKET_TEXT, text, length);
  return TRUE;
}

/* What somebody does not read is forgotten, but for a frame that has begun. */
static void
drop_backlog (PealTransport *transport)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (transport);

  if (self->out)
    g_byte_array_set_size (self->out, find_end_of_begun (self));
}

/* `closed` follows when the client agrees, or after a while. */
static void
close_socket (PealTransport *transport, guint code, const gchar *reason)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (transport);

  g_clear_pointer (&self->beat, peal_beat_remove);
  if (self->state != STATE_OPEN)
    return;
  put_close (self, code, reason);
  self->state = STATE_CLOSING;
  end_within (self, CLOSE_TIMEOUT_MS);
}

/* One that is still open, since its context is at its end, is cut. */
static void
dispose (GObject *object)
{
  PealWebsocketTransport *self = PEAL_WEBSOCKET_TRANSPORT (object);

  if (self->polled && self->state != STATE_DEAF && !self->is_full)
    flush (self);
  let_go (self);
  g_clear_pointer (&self->poller, peal_poller_unref);
  G_OBJECT_CLASS (peal_websocket_transport_parent_class)->dispose (object);
}

static void
peal_websocket_transport_class_init (PealWebsocketTransportClass *class)
{
  PealTransportClass *transport_class = PEAL_TRANSPORT_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  transport_class->send = send_text;
  transport_class->drop_backlog = drop_backlog;
  transport_class->close = close_socket;
  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-websocket-transport", 0,
      "a WebSocket of the Peal server");
}

static void
peal_websocket_transport_init (PealWebsocketTransport *self)
{
  self->reader.max_bytes = PEAL_SERVER_MAX_MESSAGE_BYTES;
  self->stream.fd = -1;
  self->end_code = PEAL_WEBSOCKET_CODE_NO_STATUS;
}

/* What came with the handshake is read in the next round. */
static void
keep_early (PealWebsocketTransport *self, GByteArray *early)
{
  if (early->len > 0)
    self->reader.rest = g_byte_array_ref (early);
  self->reads_more = TRUE;
  peal_polled_settle_soon (self->polled);
}

/**
 * peal_websocket_transport_new:
 * @stream: (transfer full): of which the handshake is done
 * @service: (transfer none): what it shares with the others
 */
PealTransport *
peal_websocket_transport_new (
    GIOStream *stream, const PealWebsocketService *service)
{
  PealWebsocketTransport *self =
      g_object_new (PEAL_TYPE_WEBSOCKET_TRANSPORT, NULL);
  g_autoptr (GByteArray) early = g_byte_array_new ();

  self->poller = peal_poller_ref (service->poller);
  self->backlog_bytes = service->backlog_bytes;
  if (!peal_byte_stream_open (&self->stream, stream, early)) {
    GST_WARNING_OBJECT (self, "no socket in a %s", "connection");
    self->is_broken = TRUE;
    return PEAL_TRANSPORT (self);
  }
  self->polled =
      peal_poller_add (service->poller, self->stream.fd, &polled_owner, self);
  self->beat = peal_pulse_add (service->pulse, on_beat, self);
  keep_early (self, early);
  return PEAL_TRANSPORT (self);
}

static gboolean
on_lingered (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/**
 * peal_websocket_transport_retire:
 * @socket: (inout) (transfer full) (nullable): set to NULL
 *
 * Closes a transport that nobody listens to any more; its socket has a while
 * to say goodbye.
 */
void
peal_websocket_transport_retire (
    PealTransport **socket, guint code, const gchar *reason)
{
  g_autoptr (GSource) source = NULL;

  if (!*socket)
    return;
  peal_transport_set_sink (*socket, NULL, NULL);
  peal_transport_close (*socket, code, reason);
  source = g_timeout_source_new (LINGER_MS);
  g_source_set_name (source, "peal-websocket-linger");
  g_source_set_callback (
      source, on_lingered, g_steal_pointer (socket), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}
