/*
 * A client's frames: they say the same in whatever pieces they come, and what
 * is kept of them stays below the limit.
 */
#include "wire/websocket-frames.h"

#include <string.h>

#include "fuzz.h"

#define MAX_BYTES 300

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = { "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51"
                                    "\x58",
  "\x01\x81zzzz\x1b\x89\x80zzzz\x80\x81zzzz\x18",
  "\x88\x82\x01\x01\x01\x01\x02\xe9",
  "\x82\xfe\x01\x2c"
  "abcd",
  NULL };

static gboolean
on_frame (
    gpointer data, PealWebsocketKind kind, const gchar *text, gsize length)
{
  GString *heard = data;

  g_assert_cmpuint (length, <=, MAX_BYTES);
  g_assert_true (
      kind != PEAL_WEBSOCKET_TEXT || g_utf8_validate_len (text, length, NULL));
  if (kind == PEAL_WEBSOCKET_CLOSE)
    g_assert_cmpuint (peal_websocket_read_close (text, length), >=, 1000);
  g_string_append_c (heard, 'a' + kind);
  g_string_append_len (heard, text, length);
  return TRUE;
}

static guint
read_in_steps (const guint8 *data, gsize size, gsize step, GString *heard)
{
  PealWebsocketReader reader = { .max_bytes = MAX_BYTES };
  g_autofree guint8 *bytes = g_memdup2 (data, size);
  guint code = 0;

  for (gsize at = 0; at < size && code == 0; at += step) {
    code = peal_websocket_reader_feed (
        &reader, bytes + at, MIN (step, size - at), on_frame, heard);
    g_assert_true (!reader.message || reader.message->len <= MAX_BYTES);
    g_assert_true (!reader.rest || reader.rest->len <= MAX_BYTES + 14);
  }
  peal_websocket_reader_clear (&reader);
  return code;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) pieces = g_string_new (NULL);

  g_assert_cmpuint (read_in_steps (data, size, MAX (size, 1), whole), ==,
      read_in_steps (data, size, 3, pieces));
  g_assert_true (g_string_equal (whole, pieces));
  return 0;
}
