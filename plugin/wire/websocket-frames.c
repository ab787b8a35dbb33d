/*
 * The frames of a WebSocket at a server's end. See websocket-frames.h. Called
 * by the server's WebSocket transport. Pure.
 */
#include "wire/websocket-frames.h"

#include <string.h>

#define FIN 0x80
#define RESERVED 0x70
#define OPCODE 0x0f
#define MASKED 0x80
#define LENGTH 0x7f
/* Lengths that say: the length follows in two or eight bytes. */
#define LENGTH_IN_2 126
#define LENGTH_IN_8 127
#define MASK_BYTES 4

typedef struct {
  gboolean is_last;
  PealWebsocketKind kind;
  guint8 *mask;
  guint8 *payload;
  gsize length;
} Frame;

static guint64
read_big_endian (const guint8 *bytes, guint n)
{
  guint64 number = 0;

  while (n-- > 0)
    number = number << 8 | *bytes++;
  return number;
}

static gboolean
is_control (PealWebsocketKind kind)
{
  return (kind & 0x8) != 0;
}

static gboolean
is_known (PealWebsocketKind kind)
{
  return kind <= PEAL_WEBSOCKET_BINARY ||
      (kind >= PEAL_WEBSOCKET_CLOSE && kind <= PEAL_WEBSOCKET_PONG);
}

static guint
count_length_bytes (guint8 second)
{
  if ((second & LENGTH) == LENGTH_IN_2)
    return 2;
  return (second & LENGTH) == LENGTH_IN_8 ? 8 : 0;
}

/* What the first two bytes may say now; the parts of a message follow each
 * other, and control frames stand between them. */
static gboolean
check_head (const PealWebsocketReader *self, const guint8 *head)
{
  PealWebsocketKind kind = head[0] & OPCODE;

  if ((head[0] & RESERVED) || !(head[1] & MASKED) || !is_known (kind))
    return FALSE;
  if (is_control (kind))
    return (head[0] & FIN) &&
        (head[1] & LENGTH) <= PEAL_WEBSOCKET_MAX_CONTROL_BYTES;
  return (kind == PEAL_WEBSOCKET_MORE) == (self->message != NULL);
}

/* Reads a frame's head; *@needed is the size of the whole frame, or 0 where
 * that is not known yet. Returns: 0, or the code of what is wrong. */
static guint
read_head (const PealWebsocketReader *self, guint8 *bytes, gsize length,
    Frame *frame, gsize *needed)
{
  gsize before = self->message ? self->message->len : 0;
  guint n_length_bytes;
  guint64 n_bytes;

  *needed = 0;
  if (length < 2)
    return 0;
  if (!check_head (self, bytes))
    return PEAL_WEBSOCKET_CODE_PROTOCOL;
  n_length_bytes = count_length_bytes (bytes[1]);
  if (length < 2 + n_length_bytes + MASK_BYTES)
    return 0;
  n_bytes = n_length_bytes ? read_big_endian (bytes + 2, n_length_bytes)
                           : bytes[1] & LENGTH;
  frame->is_last = (bytes[0] & FIN) != 0;
  frame->kind = bytes[0] & OPCODE;
  if (n_bytes > self->max_bytes ||
      (!is_control (frame->kind) && before + n_bytes > self->max_bytes))
    return PEAL_WEBSOCKET_CODE_TOO_LARGE;
  frame->mask = bytes + 2 + n_length_bytes;
  frame->payload = frame->mask + MASK_BYTES;
  frame->length = n_bytes;
  *needed = frame->payload + n_bytes - bytes;
  return 0;
}

static void
unmask (const Frame *frame)
{
  guint8 mask[MASK_BYTES];
  guint32 mask32;
  guint64 mask64;
  gsize i = 0;

  memcpy (mask, frame->mask, sizeof mask);
  memcpy (&mask32, frame->mask, sizeof mask32);
  mask64 = (guint64)mask32 << 32 | mask32;
  for (; i + sizeof mask64 <= frame->length; i += sizeof mask64) {
    guint64 word;

    memcpy (&word, frame->payload + i, sizeof word);
    word ^= mask64;
    memcpy (frame->payload + i, &word, sizeof word);
  }
  for (; i < frame->length; i++)
    frame->payload[i] ^= mask[i % MASK_BYTES];
}

static gboolean
is_sound (PealWebsocketKind kind, const guint8 *text, gsize length)
{
  return kind != PEAL_WEBSOCKET_TEXT ||
      g_utf8_validate_len ((const gchar *)text, length, NULL);
}

/* RFC 6455 section 5.5.1: nothing, or a code and words. */
static guint
check_close (const guint8 *text, gsize length)
{
  guint code;

  if (length == 0)
    return 0;
  if (length == 1)
    return PEAL_WEBSOCKET_CODE_PROTOCOL;
  code = read_big_endian (text, 2);
  if (code < 1000 || code >= 5000 || (code >= 1004 && code <= 1006) ||
      (code >= 1016 && code < 3000))
    return PEAL_WEBSOCKET_CODE_PROTOCOL;
  return g_utf8_validate_len ((const gchar *)text + 2, length - 2, NULL)
      ? 0
      : PEAL_WEBSOCKET_CODE_BAD_DATA;
}

static void
add_part (PealWebsocketReader *self, const Frame *frame)
{
  if (!self->message) {
    self->message = g_byte_array_new ();
    self->message_kind = frame->kind;
  }
  g_byte_array_append (self->message, frame->payload, frame->length);
}

/* Tells of a whole message or control frame. */
static guint
tell (PealWebsocketKind kind, const guint8 *text, gsize length,
    PealWebsocketFunc func, gpointer data, gboolean *goes_on)
{
  guint code = 0;

  if (kind == PEAL_WEBSOCKET_CLOSE)
    code = check_close (text, length);
  else if (!is_sound (kind, text, length))
    code = PEAL_WEBSOCKET_CODE_BAD_DATA;
  if (code == 0)
    *goes_on = func (data, kind, (const gchar *)text, length);
  return code;
}

static guint
take (PealWebsocketReader *self, const Frame *frame, PealWebsocketFunc func,
    gpointer data, gboolean *goes_on)
{
  g_autoptr (GByteArray) message = NULL;

  unmask (frame);
  if (is_control (frame->kind) || (frame->is_last && !self->message))
    return tell (
        frame->kind, frame->payload, frame->length, func, data, goes_on);
  add_part (self, frame);
  if (!frame->is_last)
    return 0;
  message = g_steal_pointer (&self->message);
  return tell (
      self->message_kind, message->data, message->len, func, data, goes_on);
}

static void
keep_rest (PealWebsocketReader *self, const guint8 *bytes, gsize length)
{
  if (length == 0)
    return;
  self->rest = g_byte_array_new ();
  g_byte_array_append (self->rest, bytes, length);
}

static guint
read_all (PealWebsocketReader *self, guint8 *bytes, gsize length,
    PealWebsocketFunc func, gpointer data)
{
  gboolean goes_on = TRUE;
  gsize at = 0;

  while (goes_on) {
    Frame frame;
    gsize needed;
    guint code = read_head (self, bytes + at, length - at, &frame, &needed);

    if (code)
      return code;
    if (needed == 0 || needed > length - at) {
      keep_rest (self, bytes + at, length - at);
      return 0;
    }
    code = take (self, &frame, func, data, &goes_on);
    if (code)
      return code;
    at += needed;
  }
  return 0;
}

/**
 * peal_websocket_reader_feed:
 * @bytes: what came next; written to
 * @func: called for each message and control frame that is whole now
 *
 * Returns: 0, or the close code for what is wrong; the reader is not fed again
 *   then
 */
guint
peal_websocket_reader_feed (PealWebsocketReader *self, guint8 *bytes,
    gsize length, PealWebsocketFunc func, gpointer data)
{
  g_autoptr (GByteArray) rest = g_steal_pointer (&self->rest);

  if (!rest)
    return read_all (self, bytes, length, func, data);
  g_byte_array_append (rest, bytes, length);
  return read_all (self, rest->data, rest->len, func, data);
}

/**
 * peal_websocket_reader_clear:
 *
 * Forgets what it keeps.
 */
void
peal_websocket_reader_clear (PealWebsocketReader *self)
{
  g_clear_pointer (&self->rest, g_byte_array_unref);
  g_clear_pointer (&self->message, g_byte_array_unref);
}

/**
 * peal_websocket_write_head:
 * @head: (out): PEAL_WEBSOCKET_MAX_HEAD_BYTES
 * @length: of what follows
 *
 * Returns: the bytes of the head of an unmasked, whole frame
 */
gsize
peal_websocket_write_head (guint8 *head, PealWebsocketKind kind, gsize length)
{
  guint n_length_bytes = 0;

  if (length >= LENGTH_IN_2)
    n_length_bytes = length <= G_MAXUINT16 ? 2 : 8;
  head[0] = FIN | kind;
  head[1] = n_length_bytes == 0 ? length
      : n_length_bytes == 2     ? LENGTH_IN_2
                                : LENGTH_IN_8;
  for (guint i = 0; i < n_length_bytes; i++)
    head[2 + i] = (guint64)length >> (8 * (n_length_bytes - 1 - i));
  return 2 + n_length_bytes;
}

/**
 * peal_websocket_skip_written:
 * @frames: frames with heads of peal_websocket_write_head(), one after the
 *   other
 * @offset: how much of them has been written
 *
 * Returns: where the frame ends in which that is: @offset itself between two
 */
gsize
peal_websocket_skip_written (const guint8 *frames, gsize length, gsize offset)
{
  gsize at = 0;

  while (at < offset && at + 2 <= length) {
    guint n_length_bytes = count_length_bytes (frames[at + 1]);

    if (at + 2 + n_length_bytes > length)
      return length;
    at += 2 + n_length_bytes +
        (n_length_bytes ? read_big_endian (frames + at + 2, n_length_bytes)
                        : frames[at + 1] & LENGTH);
  }
  return MIN (at, length);
}

/**
 * peal_websocket_read_close:
 * @text: what a close frame holds, as the reader told it
 *
 * Returns: its code, or PEAL_WEBSOCKET_CODE_NO_STATUS
 */
guint
peal_websocket_read_close (const gchar *text, gsize length)
{
  return length < 2 ? PEAL_WEBSOCKET_CODE_NO_STATUS
                    : read_big_endian ((const guint8 *)text, 2);
}
