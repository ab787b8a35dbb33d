/*
 * Plays lines with a dialect. See play.h.
 */
#include "play.h"

#include <string.h>

#define MAX_LINES 64
#define STEP_US (G_USEC_PER_SEC / 2)

static void
on_frame (gpointer data, const gchar *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
assert_is_text (const gchar *text)
{
  g_assert_true (!text || g_utf8_validate (text, -1, NULL));
}

/* What every owner relies on. */
static void
assert_is_whole (const PealMessage *message)
{
  gboolean is_described = message->kind == PEAL_MESSAGE_OFFER ||
      message->kind == PEAL_MESSAGE_ANSWER;

  g_assert_true (!is_described || (message->sdp && message->session));
  g_assert_true (message->kind != PEAL_MESSAGE_PEER_JOINED || message->member);
  g_assert_true (message->kind != PEAL_MESSAGE_JOINED || message->members);
  g_assert_true (message->kind != PEAL_MESSAGE_ERROR || message->code);
  assert_is_text (message->peer_id);
  assert_is_text (message->sdp);
  assert_is_text (message->candidate);
  assert_is_text (message->name);
  assert_is_text (message->text);
}

/* Whom the dialect names is who is spoken to. */
static void
on_message (gpointer data, PealMessage *message)
{
  GPtrArray *peers = data;
  const gchar *id = message->member ? message->member->id : message->peer_id;

  assert_is_whole (message);
  if (id && peers->len < MAX_LINES)
    g_ptr_array_add (peers, g_strdup (id));
}

static void
on_end (gpointer data, guint code, const gchar *reason)
{
}

static const PealDialectSink sink = { on_frame, on_message, on_end };

static PealMessage *
make_word (const gchar *line, const gchar *peer)
{
  guint kind = (guint8)line[0] % (PEAL_MESSAGE_ERROR + 1);
  PealMessage *message = peal_message_new (
      line[0] ? (PealMessageKind)kind : PEAL_MESSAGE_OFFER, peer);

  message->session = g_strdup ("0123456789abcdef");
  message->sdp = g_strdup ("v=0\r\n");
  message->candidate = g_strdup ("candidate:1");
  message->sdp_mline_index = 0;
  message->code = g_strdup ("unknown-peer");
  message->member = peal_member_new (peer, peer, NULL, kind % 2);
  message->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  g_ptr_array_add (message->members, peal_member_new ("ada", "Ada", NULL, 0));
  return message;
}

static void
play_line (PealDialect *dialect, const gchar *line, GPtrArray *peers, guint i)
{
  const gchar *peer =
      peers->len ? g_ptr_array_index (peers, i % peers->len) : "ada";
  g_autoptr (PealMessage) message = NULL;

  if (*line != '=') {
    peal_dialect_receive (dialect, line, strlen (line), i * STEP_US);
    return;
  }
  message = make_word (line + 1, peer);
  peal_dialect_send (dialect, message, i * STEP_US, NULL);
}

/**
 * play_lines:
 * @dialect: (transfer full): one that is not open
 */
void
play_lines (PealDialect *dialect, const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_LINES);
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func (g_free);

  peal_dialect_set_sink (dialect, &sink, peers);
  peal_dialect_open (dialect, 0);
  for (guint i = 0; lines[i]; i++) {
    play_line (dialect, lines[i], peers, i);
    peal_dialect_tick (dialect, i * STEP_US);
  }
  peal_dialect_set_sink (dialect, NULL, NULL);
  g_object_unref (dialect);
}

/**
 * play_again:
 * @connect: makes the dialect of a connection, and of the one after it
 *
 * The same lines on two connections, one after the other.
 */
void
play_again (PlayConnect connect, const guint8 *data, gsize size)
{
  g_autoptr (PealDialect) first = connect (NULL);

  play_lines (g_object_ref (first), data, size);
  play_lines (connect (first), data, size);
}
