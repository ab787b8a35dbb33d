/*
 * WebSocket frames at a server's end: what RFC 6455 sections 5 and 7.4 allow a
 * client, in one piece and in many.
 */
#include "wire/websocket-frames.h"

#include <string.h>

#define MAX_BYTES 70000

typedef struct {
  PealWebsocketReader reader;
  GString *heard; /* "KIND:TEXT|" for each, long ones by their length */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->reader.max_bytes = MAX_BYTES;
  fixture->heard = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  peal_websocket_reader_clear (&fixture->reader);
  g_string_free (fixture->heard, TRUE);
}

static gboolean
on_frame (
    gpointer data, PealWebsocketKind kind, const gchar *text, gsize length)
{
  Fixture *fixture = data;

  if (length < 100)
    g_string_append_printf (
        fixture->heard, "%x:%.*s|", kind, (int)length, text);
  else
    g_string_append_printf (
        fixture->heard, "%x:%" G_GSIZE_FORMAT "|", kind, length);
  return TRUE;
}

/* As a client writes it. */
static void
add_frame (GByteArray *bytes, guint8 first, const gchar *text, gsize length)
{
  static const guint8 mask[] = { 0x12, 0xfe, 0x34, 0x80 };
  guint8 head[PEAL_WEBSOCKET_MAX_HEAD_BYTES];
  gsize n = peal_websocket_write_head (head, PEAL_WEBSOCKET_TEXT, length);

  head[0] = first;
  head[1] |= 0x80;
  g_byte_array_append (bytes, head, n);
  g_byte_array_append (bytes, mask, sizeof mask);
  for (gsize i = 0; i < length; i++) {
    guint8 byte = (guint8)text[i] ^ mask[i % 4];

    g_byte_array_append (bytes, &byte, 1);
  }
}

static guint
feed (Fixture *fixture, GByteArray *bytes, gsize step)
{
  g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
  guint code = 0;

  for (gsize at = 0; at < bytes->len && code == 0; at += step)
    code = peal_websocket_reader_feed (&fixture->reader, copy + at,
        MIN (step, bytes->len - at), on_frame, fixture);
  return code;
}

static guint
feed_frame (Fixture *fixture, guint8 first, const gchar *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  add_frame (bytes, first, text, strlen (text));
  return feed (fixture, bytes, bytes->len);
}

static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  static const gsize steps[] = { 1, 2, 3, 7, 64, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    g_string_truncate (fixture->heard, 0);
    add_frame (bytes, 0x81, "one", 3);
    add_frame (bytes, 0x89, "ping", 4);
    add_frame (bytes, 0x81, "", 0);
    add_frame (bytes, 0x82, "two and a half words", 20);
    g_assert_cmpuint (feed (fixture, bytes, steps[i]), ==, 0);
    g_assert_cmpstr (
        fixture->heard->str, ==, "1:one|9:ping|1:|2:two and a half words|");
  }
}

static void
test_lengths (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = { 0, 1, 99, 125, 126, 65535, 65536, 70000 };
  g_autofree gchar *text = g_strnfill (MAX_BYTES, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autofree gchar *expected = lengths[i] < 100
        ? g_strdup_printf ("1:%.*s|", (int)lengths[i], text)
        : g_strdup_printf ("1:%" G_GSIZE_FORMAT "|", lengths[i]);

    g_string_truncate (fixture->heard, 0);
    add_frame (bytes, 0x81, text, lengths[i]);
    g_assert_cmpuint (feed (fixture, bytes, 1000), ==, 0);
    g_assert_cmpstr (fixture->heard->str, ==, expected);
  }
}

static void
test_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  add_frame (bytes, 0x01, "a\xc3", 2); /* parts of a letter */
  add_frame (bytes, 0x8a, "pong", 4);
  add_frame (bytes, 0x00, "\xa9", 1);
  add_frame (bytes, 0x80, "b", 1);
  add_frame (bytes, 0x81, "next", 4);
  g_assert_cmpuint (feed (fixture, bytes, 5), ==, 0);
  g_assert_cmpstr (fixture->heard->str, ==,
      "a:pong|1:a\xc3\xa9"
      "b|1:next|");
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  guint8 head[] = { 0x81, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0x11, 0x71, 0, 0, 0,
    0 }; /* 70001 */
  guint8 vast[] = { 0x81, 0x80 | 127, 255, 255, 255, 255, 255, 255, 255, 255, 0,
    0, 0, 0 };

  g_assert_cmpuint (peal_websocket_reader_feed (
                        &fixture->reader, head, sizeof head, on_frame, fixture),
      ==, 1009);
  peal_websocket_reader_clear (&fixture->reader);
  g_assert_cmpuint (peal_websocket_reader_feed (
                        &fixture->reader, vast, sizeof vast, on_frame, fixture),
      ==, 1009);
}

static void
test_too_many_parts (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *text = g_strnfill (MAX_BYTES, 'x');
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  add_frame (bytes, 0x01, text, MAX_BYTES);
  add_frame (bytes, 0x00, "", 0);
  g_assert_cmpuint (feed (fixture, bytes, bytes->len), ==, 0);
  g_assert_cmpuint (feed_frame (fixture, 0x00, "y"), ==, 1009);
  g_assert_cmpstr (fixture->heard->str, ==, "");
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint8 bytes[8];
    guint n;
    guint code;
  } cases[] = {
    { { 0x81, 0x01, 'a' }, 3, 1002 },                /* not masked */
    { { 0xc1, 0x80, 0, 0, 0, 0 }, 6, 1002 },         /* compressed? */
    { { 0x83, 0x80, 0, 0, 0, 0 }, 6, 1002 },         /* of no kind */
    { { 0x8b, 0x80, 0, 0, 0, 0 }, 6, 1002 },         /* of no kind */
    { { 0x09, 0x80, 0, 0, 0, 0 }, 6, 1002 },         /* a ping in parts */
    { { 0x89, 0x80 | 126, 0, 126, 0, 0 }, 6, 1002 }, /* a long ping */
    { { 0x80, 0x80, 0, 0, 0, 0 }, 6, 1002 },         /* the end of nothing */
    { { 0x81, 0x81, 0, 0, 0, 0, 0xff }, 7, 1007 },   /* not UTF-8 */
    { { 0x88, 0x81, 0, 0, 0, 0, 3 }, 7, 1002 },      /* half a code */
    { { 0x88, 0x82, 0, 0, 0, 0, 3, 0xed }, 8, 1002 } /* 1005 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 bytes[8];

    memcpy (bytes, cases[i].bytes, sizeof bytes);
    g_assert_cmpuint (peal_websocket_reader_feed (&fixture->reader, bytes,
                          cases[i].n, on_frame, fixture),
        ==, cases[i].code);
    g_assert_cmpstr (fixture->heard->str, ==, "");
    peal_websocket_reader_clear (&fixture->reader);
  }
}

static void
test_begun_twice (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (feed_frame (fixture, 0x01, "a"), ==, 0);
  g_assert_cmpuint (feed_frame (fixture, 0x81, "b"), ==, 1002);
  g_assert_cmpstr (fixture->heard->str, ==, "");
}

static gboolean
on_close (
    gpointer data, PealWebsocketKind kind, const gchar *text, gsize length)
{
  *(guint *)data = peal_websocket_read_close (text, length);
  return FALSE;
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  guint8 frames[] = { 0x88, 0x84, 0, 0, 0, 0, 0x03, 0xe9, 'o', 'k', 0x81, 0x01,
    'a' };
  guint8 bare[] = { 0x88, 0x80, 0, 0, 0, 0 };
  guint code = 0;

  /* What follows it is not looked at. */
  g_assert_cmpuint (peal_websocket_reader_feed (&fixture->reader, frames,
                        sizeof frames, on_close, &code),
      ==, 0);
  g_assert_cmpuint (code, ==, 1001);
  peal_websocket_reader_feed (
      &fixture->reader, bare, sizeof bare, on_close, &code);
  g_assert_cmpuint (code, ==, PEAL_WEBSOCKET_CODE_NO_STATUS);
}

static void
test_skip_written (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = { 0, 5, 126, 65536 };
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autofree guint8 *text = g_malloc0 (65536);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint8 head[PEAL_WEBSOCKET_MAX_HEAD_BYTES];
    gsize start = frames->len;

    g_byte_array_append (frames, head,
        peal_websocket_write_head (head, PEAL_WEBSOCKET_TEXT, lengths[i]));
    g_byte_array_append (frames, text, lengths[i]);
    g_assert_cmpuint (
        peal_websocket_skip_written (frames->data, frames->len, start), ==,
        start);
    g_assert_cmpuint (
        peal_websocket_skip_written (frames->data, frames->len, start + 1), ==,
        frames->len);
    g_assert_cmpuint (
        peal_websocket_skip_written (frames->data, frames->len, frames->len),
        ==, frames->len);
  }
}

#define ADD(name, func) \
  g_test_add ("/websocket-frames/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("in-whatever-pieces-they-come-they-are-the-same", test_pieces);
  ADD ("each-way-to-write-a-length-is-read", test_lengths);
  ADD ("parts-make-a-message-with-a-pong-between-them", test_parts);
  ADD ("a-frame-over-the-limit-is-refused-at-its-head", test_too_large);
  ADD ("parts-over-the-limit-are-refused", test_too_many_parts);
  ADD ("what-breaks-the-rules-ends-with-its-code", test_faults);
  ADD ("a-message-does-not-begin-inside-another", test_begun_twice);
  ADD ("a-close-tells-its-code-and-is-the-end", test_close);
  ADD ("the-end-of-a-frame-that-is-half-written-is-found", test_skip_written);
  return g_test_run ();
}
