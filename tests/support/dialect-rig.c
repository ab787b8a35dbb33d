/*
 * Plays a script with a dialect. See dialect-rig.h.
 */
#include "dialect-rig.h"

#include <string.h>

typedef struct {
  PealDialect *dialect;
  GQueue *heard;       /* of gchar*: lines as the script has them */
  GPtrArray *sessions; /* of gchar*: those that were made up */
  GPtrArray *uuids;    /* of gchar*: those in frames */
  GRegex *uuid;
  gint64 now_us;
} Rig;

static const gchar *
or_nothing (const gchar *text)
{
  return text && *text ? text : "-";
}

static guint
index_in (GPtrArray *list, const gchar *text)
{
  guint index = 0;

  if (g_ptr_array_find_with_equal_func (list, text, g_str_equal, &index))
    return index;
  g_ptr_array_add (list, g_strdup (text));
  return list->len - 1;
}

static const gchar *
number_of (Rig *rig, const gchar *session)
{
  static gchar name[16];

  if (!session || strlen (session) < 16)
    return or_nothing (session);
  g_snprintf (name, sizeof name, "#%u", index_in (rig->sessions, session) + 1);
  return name;
}

static gboolean
replace_uuid (const GMatchInfo *match, GString *result, gpointer data)
{
  Rig *rig = data;
  g_autofree gchar *uuid = g_match_info_fetch (match, 0);

  g_string_append_printf (result, "$%u", index_in (rig->uuids, uuid) + 1);
  return FALSE;
}

static gchar *
with_uuids (Rig *rig, const gchar *text)
{
  GString *result = g_string_new (text);

  for (guint i = rig->uuids->len; i > 0; i--) {
    g_autofree gchar *name = g_strdup_printf ("$%u", i);

    g_string_replace (result, name, g_ptr_array_index (rig->uuids, i - 1), 0);
  }
  return g_string_free (result, FALSE);
}

static gchar *
describe_members (const PealMessage *message)
{
  GString *list = g_string_new (or_nothing (message->peer_id));

  for (guint i = 0; message->members && i < message->members->len; i++) {
    PealMember *member = g_ptr_array_index (message->members, i);

    g_string_append_printf (list, " %s", member->id);
  }
  return g_string_free (list, FALSE);
}

static gchar *
describe_text (const PealMessage *message)
{
  g_autofree gchar *body =
      message->body ? json_to_string (message->body, FALSE) : NULL;

  return g_strdup_printf (
      "%s %s", or_nothing (message->peer_id), or_nothing (body));
}

static gchar *
describe_rest (Rig *rig, const PealMessage *message)
{
  const gchar *id = or_nothing (message->peer_id);
  const gchar *session = number_of (rig, message->session);

  switch (message->kind) {
    case PEAL_MESSAGE_JOIN:
      return g_strdup_printf (
          "%s %s", or_nothing (message->room), or_nothing (message->name));
    case PEAL_MESSAGE_JOINED:
      return describe_members (message);
    case PEAL_MESSAGE_PEER_JOINED:
      return g_strdup_printf ("%s %s %s", message->member->id,
          or_nothing (message->member->name),
          message->member->offers ? "offers" : "waits");
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
      return g_strdup_printf ("%s %s %.*s", id, session,
          (int)strcspn (message->sdp, "\r\n"), message->sdp);
    case PEAL_MESSAGE_CANDIDATE:
      return g_strdup_printf ("%s %s %d %s", id, session,
          message->sdp_mline_index, or_nothing (message->candidate));
    case PEAL_MESSAGE_TEXT:
      return describe_text (message);
    case PEAL_MESSAGE_ERROR:
      return g_strdup (or_nothing (message->code));
    case PEAL_MESSAGE_RENEGOTIATE:
    case PEAL_MESSAGE_BYE:
      return g_strdup_printf ("%s %s", id, session);
    default:
      return g_strdup (id);
  }
}

static void
on_frame (gpointer data, const gchar *text)
{
  Rig *rig = data;
  g_autofree gchar *named =
      g_regex_replace_eval (rig->uuid, text, -1, 0, 0, replace_uuid, rig, NULL);

  g_queue_push_tail (rig->heard, g_strdup_printf ("> %s", named));
}

static void
on_message (gpointer data, PealMessage *message)
{
  Rig *rig = data;
  g_autofree gchar *rest = describe_rest (rig, message);

  g_queue_push_tail (rig->heard,
      g_strdup_printf (
          "! %s %s", peal_message_kind_to_string (message->kind), rest));
}

static void
on_end (gpointer data, guint code, const gchar *reason)
{
  Rig *rig = data;

  g_queue_push_tail (rig->heard, g_strdup_printf ("x %u", code));
}

static const PealDialectSink sink = { on_frame, on_message, on_end };

/* ---- what the script says ---- */

static gchar *
word (GStrv words, guint index)
{
  if (index >= g_strv_length (words) || g_str_equal (words[index], "-"))
    return NULL;
  return g_strdup (words[index]);
}

static gchar *
session_of (Rig *rig, GStrv words)
{
  g_autofree gchar *name = word (words, 2);

  if (!name || *name != '#')
    return g_steal_pointer (&name);
  return g_strdup (g_ptr_array_index (
      rig->sessions, g_ascii_strtoull (name + 1, NULL, 10) - 1));
}

static PealMessageKind
kind_of (const gchar *name)
{
  for (PealMessageKind kind = 0; kind <= PEAL_MESSAGE_ERROR; kind++) {
    if (g_str_equal (peal_message_kind_to_string (kind), name))
      return kind;
  }
  g_error ("the script says %s", name);
}

static void
add_members (PealMessage *message, GStrv words)
{
  message->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  for (guint i = 2; i < g_strv_length (words); i++)
    g_ptr_array_add (
        message->members, peal_member_new (words[i], words[i], NULL, FALSE));
}

static void
fill (Rig *rig, PealMessage *message, GStrv words)
{
  g_autofree gchar *line = NULL;

  switch (message->kind) {
    case PEAL_MESSAGE_JOIN:
      message->room = g_steal_pointer (&message->peer_id);
      message->name = word (words, 2);
      break;
    case PEAL_MESSAGE_JOINED:
      add_members (message, words);
      break;
    case PEAL_MESSAGE_PEER_JOINED:
      message->member = peal_member_new (words[1],
          g_str_equal (words[2], "-") ? NULL : words[2], NULL,
          g_str_equal (words[3], "offers"));
      break;
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
      message->session = session_of (rig, words);
      message->sdp = word (words, 3);
      break;
    case PEAL_MESSAGE_CANDIDATE:
      message->session = session_of (rig, words);
      message->sdp_mline_index = (gint)g_ascii_strtoll (words[3], NULL, 10);
      message->candidate = word (words, 4);
      break;
    case PEAL_MESSAGE_TEXT:
      message->body = json_from_string (words[2], NULL);
      break;
    case PEAL_MESSAGE_ERROR:
      message->code = g_steal_pointer (&message->peer_id);
      break;
    default:
      message->session = session_of (rig, words);
      break;
  }
}

static void
tell (Rig *rig, const gchar *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint n_words = g_strv_length (words);
  gboolean is_refused = g_str_equal (words[n_words - 1], "?");
  g_autoptr (PealMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (is_refused)
    g_clear_pointer (&words[n_words - 1], g_free);
  message = peal_message_new (kind_of (words[0]), NULL);
  message->peer_id = word (words, 1);
  fill (rig, message, words);
  if (peal_dialect_send (rig->dialect, message, rig->now_us, &error))
    g_assert_false (is_refused);
  else if (!is_refused)
    g_error ("%s was refused: %s", line, error->message);
}

static gchar *
with_quotes (const gchar *text)
{
  gchar *copy = g_strdup (text);

  return strpbrk (text, "{[") ? g_strdelimit (copy, "'", '"') : copy;
}

static void
hear (Rig *rig, const gchar *line)
{
  g_autofree gchar *quoted = with_quotes (line);
  g_autofree gchar *text = with_uuids (rig, quoted);

  peal_dialect_receive (rig->dialect, text, strlen (text), rig->now_us);
}

static void
expect (Rig *rig, const gchar *line)
{
  g_autofree gchar *wanted = with_quotes (line);
  g_autofree gchar *got = g_queue_pop_head (rig->heard);

  if (g_strcmp0 (got, wanted) != 0)
    g_error ("wanted %s\n   got %s", wanted, got ? got : "nothing");
}

static void
expect_nothing (Rig *rig, const gchar *before)
{
  g_autofree gchar *got = g_queue_pop_head (rig->heard);

  if (got)
    g_error ("before %s: %s", before, got);
}

static void
play_line (Rig *rig, const gchar *line)
{
  g_test_message ("%s", line);
  if (strchr ("<=+", *line))
    expect_nothing (rig, line);
  switch (*line) {
    case '<':
      hear (rig, line + 2);
      break;
    case '=':
      tell (rig, line + 2);
      break;
    case '+':
      rig->now_us += g_ascii_strtoll (line + 2, NULL, 10) * 1000;
      break;
    default:
      expect (rig, line);
      return;
  }
  peal_dialect_tick (rig->dialect, rig->now_us);
}

/**
 * dialect_rig_play:
 * @dialect: (transfer full): one that is not open
 * @script: see above
 */
void
dialect_rig_play (PealDialect *dialect, const gchar *script)
{
  Rig rig = {
    .dialect = dialect,
    .heard = g_queue_new (),
    .sessions = g_ptr_array_new_with_free_func (g_free),
    .uuids = g_ptr_array_new_with_free_func (g_free),
    .uuid = g_regex_new ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL),
    .now_us = 1000 * G_USEC_PER_SEC,
  };
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);

  peal_dialect_set_sink (dialect, &sink, &rig);
  peal_dialect_open (dialect, rig.now_us);
  for (guint i = 0; lines[i]; i++) {
    if (*lines[i])
      play_line (&rig, lines[i]);
  }
  expect_nothing (&rig, "the end");
  peal_dialect_set_sink (dialect, NULL, NULL);
  g_object_unref (dialect);
  g_queue_free_full (rig.heard, g_free);
  g_ptr_array_unref (rig.sessions);
  g_ptr_array_unref (rig.uuids);
  g_regex_unref (rig.uuid);
}
