/*
 * A member among gst-examples' programs. See gstexamples-client.h;
 * protocols.md 2.2 is the protocol. Pure.
 *
 * Life: open (HELLO) -> greeted -> in: in a room, in a call, or waiting for
 * one. In a call the server passes every frame on, and the callee is not told
 * who calls: what comes first is the caller.
 */
#include "wire/gstexamples-client.h"

#include "base/error.h"
#include "wire/error-text.h"
#include "wire/gstexamples.h"
#include "wire/session-names.h"

/* What a caller is called who did not say. */
#define CALLER "caller"
/* chosen: somebody who is not there yet, or busy, may be there soon. */
#define FIRST_RETRY_US G_USEC_PER_SEC
#define LONGEST_RETRY_US (15 * G_USEC_PER_SEC)

struct _PealGstexamplesClient {
  PealDialect parent;

  PealGstexamplesWish wish;
  gboolean is_greeted;
  gboolean is_in_room;
  gchar *partner; /* NULL: in no call */
  gint64 call_us; /* when to call again; G_MAXINT64: not */
  gint64 retry_us;
  PealSessionNames *names;
};

G_DEFINE_FINAL_TYPE (
    PealGstexamplesClient, peal_gstexamples_client, PEAL_TYPE_DIALECT)

static void
put (PealGstexamplesClient *self, PealGstexamplesKind kind, const gchar *rest)
{
  g_autofree gchar *text = peal_gstexamples_encode (kind, rest);

  peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

/* ---- what the room's side is told ---- */

static void
say_joined (PealGstexamplesClient *self, GStrv peers)
{
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_JOINED, self->wish.own_id);

  joined->room = g_strdup (self->wish.room);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  for (guint i = 0; peers && peers[i]; i++)
    g_ptr_array_add (
        joined->members, peal_member_new (peers[i], peers[i], NULL, FALSE));
  peal_dialect_say (PEAL_DIALECT (self), joined);
}

static void
say_peer_joined (PealGstexamplesClient *self, const gchar *id, gboolean offers)
{
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_PEER_JOINED, NULL);

  joined->member = peal_member_new (id, id, NULL, offers);
  peal_dialect_say (PEAL_DIALECT (self), joined);
}

static void
say_peer_left (PealGstexamplesClient *self, const gchar *id)
{
  g_autoptr (PealMessage) left = peal_message_new (PEAL_MESSAGE_PEER_LEFT, id);

  peal_session_names_forget (self->names, id);
  peal_dialect_say (PEAL_DIALECT (self), left);
}

static void
say_payload (PealGstexamplesClient *self, const gchar *from, const gchar *text)
{
  g_autoptr (PealMessage) message = peal_gstexamples_read_payload (text, NULL);
  g_autoptr (GPtrArray) said = NULL;

  if (!message)
    return;
  message->peer_id = g_strdup (from);
  said = peal_session_names_heard (self->names, message);
  for (guint i = 0; i < said->len; i++)
    peal_dialect_say (PEAL_DIALECT (self), g_ptr_array_index (said, i));
}

/* ---- what the server says ---- */

static void
on_hello (PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->is_greeted)
    return;
  self->is_greeted = TRUE;
  if (self->wish.room) {
    put (self, PEAL_GSTEXAMPLES_ROOM, self->wish.room);
    return;
  }
  say_joined (self, NULL);
  if (self->wish.peer_id)
    put (self, PEAL_GSTEXAMPLES_SESSION, self->wish.peer_id);
}

static void
on_session_ok (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (!self->wish.peer_id || self->wish.room || self->partner)
    return;
  self->partner = g_strdup (self->wish.peer_id);
  self->call_us = G_MAXINT64;
  say_peer_joined (self, self->partner, FALSE);
}

static void
on_room_ok (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (!self->wish.room || self->is_in_room)
    return;
  self->is_in_room = TRUE;
  say_joined (self, line->peers);
}

static void
on_peer_joined (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->is_in_room)
    say_peer_joined (self, line->id, TRUE);
}

static void
on_peer_left (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->is_in_room)
    say_peer_left (self, line->id);
}

static void
on_peer_message (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->is_in_room)
    say_payload (self, line->id, line->text);
}

static PealMessage *
make_missed (PealGstexamplesClient *self, const PealMessage *error)
{
  g_autofree gchar *text = g_strdup_printf (
      "no peer called \"%s\" can be called (the server says: %s); calling "
      "again until it can. Is the uri's peer right?",
      self->wish.peer_id, error->text ? error->text : error->code);

  return peal_message_new_error (NULL, PEAL_ERROR_TEXT_NOBODY, text);
}

/* It does not say what went wrong in words for programs; without a partner it
 * was the call. */
static void
on_error (PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  g_autoptr (PealMessage) error = peal_error_text_read (line->text);
  g_autoptr (PealMessage) missed = NULL;

  if (self->is_greeted && self->wish.peer_id && !self->wish.room &&
      !self->partner) {
    self->call_us = now_us + self->retry_us;
    self->retry_us = MIN (2 * self->retry_us, LONGEST_RETRY_US);
    missed = make_missed (self, error);
  }
  peal_dialect_say (PEAL_DIALECT (self), missed ? missed : error);
}

/* Somebody called who wants our offer, or whose offer this is. */
static void
on_payload (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us)
{
  g_autoptr (PealMessage) first = NULL;

  if (!self->is_greeted || self->wish.room ||
      (self->wish.peer_id && !self->partner))
    return;
  if (!self->partner) {
    first = peal_gstexamples_read_payload (line->text, NULL);
    if (!first)
      return;
    self->partner = g_strdup (CALLER);
    say_peer_joined (
        self, self->partner, first->kind != PEAL_MESSAGE_RENEGOTIATE);
    if (first->kind == PEAL_MESSAGE_RENEGOTIATE)
      return;
  }
  say_payload (self, self->partner, line->text);
}

typedef void (*Handle) (
    PealGstexamplesClient *self, PealGstexamplesLine *line, gint64 now_us);

static const Handle handlers[] = {
  [PEAL_GSTEXAMPLES_HELLO] = on_hello,
  [PEAL_GSTEXAMPLES_SESSION_OK] = on_session_ok,
  [PEAL_GSTEXAMPLES_ROOM_OK] = on_room_ok,
  [PEAL_GSTEXAMPLES_ROOM_PEER_JOINED] = on_peer_joined,
  [PEAL_GSTEXAMPLES_ROOM_PEER_LEFT] = on_peer_left,
  [PEAL_GSTEXAMPLES_ROOM_PEER_MSG] = on_peer_message,
  [PEAL_GSTEXAMPLES_ERROR] = on_error,
  [PEAL_GSTEXAMPLES_PAYLOAD] = on_payload,
};

static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealGstexamplesClient *self = PEAL_GSTEXAMPLES_CLIENT (dialect);
  g_autoptr (PealGstexamplesLine) line =
      peal_gstexamples_decode (text, length, NULL);

  if (line && handlers[line->kind])
    handlers[line->kind](self, line, now_us);
}

/* ---- what the room's side says ---- */

static void
put_payload (PealGstexamplesClient *self, const PealMessage *message)
{
  g_autofree gchar *text = peal_gstexamples_write_payload (message);
  g_autofree gchar *rest = NULL;

  peal_session_names_sent (self->names, message);
  if (!text)
    return;
  if (!self->is_in_room) {
    peal_dialect_put_frame (PEAL_DIALECT (self), text);
    return;
  }
  rest = g_strdup_printf ("%s %s", message->peer_id, text);
  put (self, PEAL_GSTEXAMPLES_ROOM_PEER_MSG, rest);
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealGstexamplesClient *self = PEAL_GSTEXAMPLES_CLIENT (dialect);

  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
    case PEAL_MESSAGE_RENEGOTIATE:
      if (!self->is_in_room && !self->partner)
        return peal_error_set (error, PEAL_ERROR_RETRY, "nobody is there");
      put_payload (self, message);
      return TRUE;
    case PEAL_MESSAGE_BYE:
      /* It has no word for it: media that stop are the word. */
      peal_session_names_forget (self->names, message->peer_id);
      return TRUE;
    case PEAL_MESSAGE_PING:
      return TRUE;
    default:
      return peal_error_set (error, PEAL_ERROR_USAGE,
          "this protocol has no messages between members");
  }
}

static gint64
tick (PealDialect *dialect, gint64 now_us)
{
  PealGstexamplesClient *self = PEAL_GSTEXAMPLES_CLIENT (dialect);

  if (self->call_us > now_us)
    return self->call_us;
  self->call_us = G_MAXINT64;
  put (self, PEAL_GSTEXAMPLES_SESSION, self->wish.peer_id);
  return G_MAXINT64;
}

static void
open (PealDialect *dialect, gint64 now_us)
{
  PealGstexamplesClient *self = PEAL_GSTEXAMPLES_CLIENT (dialect);

  put (self, PEAL_GSTEXAMPLES_HELLO, self->wish.own_id);
}

/* ---- life ---- */

static void
finalize (GObject *object)
{
  PealGstexamplesClient *self = PEAL_GSTEXAMPLES_CLIENT (object);

  g_free (self->wish.own_id);
  g_free (self->wish.peer_id);
  g_free (self->wish.room);
  g_free (self->partner);
  peal_session_names_free (self->names);
  G_OBJECT_CLASS (peal_gstexamples_client_parent_class)->finalize (object);
}

static void
peal_gstexamples_client_class_init (PealGstexamplesClientClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->open = open;
  dialect_class->receive = receive;
  dialect_class->send = send;
  dialect_class->tick = tick;
}

static void
peal_gstexamples_client_init (PealGstexamplesClient *self)
{
  self->names = peal_session_names_new ();
  self->call_us = G_MAXINT64;
  self->retry_us = FIRST_RETRY_US;
}

/**
 * peal_gstexamples_client_new:
 * @wish: (transfer none): whom to be and to meet
 *
 * Returns: (transfer full): a client that waits for its connection
 */
PealDialect *
peal_gstexamples_client_new (const PealGstexamplesWish *wish)
{
  PealGstexamplesClient *self =
      g_object_new (PEAL_TYPE_GSTEXAMPLES_CLIENT, NULL);

  self->wish.own_id = wish->own_id
      ? g_strdup (wish->own_id)
      : g_strdup_printf ("peal-%08x", g_random_int ());
  self->wish.peer_id = g_strdup (wish->peer_id);
  self->wish.room = g_strdup (wish->room);
  return PEAL_DIALECT (self);
}
