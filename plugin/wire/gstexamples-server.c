/*
 * The server's end of gst-examples' signalling. See gstexamples-server.h;
 * protocols.md 2.2 is the protocol. Pure.
 *
 * Life: open -> greeted (HELLO) -> waiting, calling or in a room. A call that
 * is over closes the connection, as theirs do.
 */
#include "wire/gstexamples-server.h"

#include "base/error.h"
#include "wire/error-text.h"
#include "wire/gstexamples.h"
#include "wire/peal-rooms.h"
#include "wire/session-names.h"

#define CLOSE_NORMAL 1000
#define CLOSE_PROTOCOL_ERROR 1002 /* RFC 6455 section 7.4.1 */
#define CLOSE_POLICY 1008
/* chosen: who wants a room or a call says so when it is greeted; the rest wait
 * to be called. */
#define WAITING_AFTER_US G_USEC_PER_SEC
/* chosen: longer than clients wait before they call again. */
#define WAITING_AFTER_CALL_US (20 * G_USEC_PER_SEC)

typedef enum {
  MODE_NONE,
  MODE_WAITING, /* to be called; or in that call */
  MODE_CALLING, /* somebody of its choice; or in that call */
  MODE_ROOM,
} Mode;

struct _PealGstexamplesServer {
  PealDialect parent;

  const PealServerContext *context;
  gchar *name; /* NULL: not greeted */
  Mode mode;
  gboolean is_in;
  gchar *wanted;       /* whom it calls */
  gchar *partner;      /* NULL: in no call */
  gboolean has_spoken; /* in that call */
  gboolean has_heard;
  gint64 waiting_us; /* when it is one that waits; G_MAXINT64: it chose */
  PealSessionNames *names;
};

G_DEFINE_FINAL_TYPE (
    PealGstexamplesServer, peal_gstexamples_server, PEAL_TYPE_DIALECT)

static void
put (PealGstexamplesServer *self, PealGstexamplesKind kind, const gchar *rest)
{
  g_autofree gchar *text = peal_gstexamples_encode (kind, rest);

  peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

static void
put_peer_error (PealGstexamplesServer *self, const gchar *id, const gchar *what)
{
  g_autofree gchar *text = g_strdup_printf ("peer '%s' %s", id, what);

  put (self, PEAL_GSTEXAMPLES_ERROR, text);
}

static void
put_refusal (PealGstexamplesServer *self, const PealMessage *error)
{
  g_autofree gchar *text = peal_error_text_write (error);

  put (self, PEAL_GSTEXAMPLES_ERROR, text);
}

static void
complain (PealGstexamplesServer *self, const gchar *what)
{
  g_autoptr (PealMessage) error =
      peal_message_new_error (NULL, PEAL_ROOMS_BAD_MESSAGE, what);

  peal_dialect_say (PEAL_DIALECT (self), error);
}

/* ---- joining ---- */

static void
leave (PealGstexamplesServer *self)
{
  g_autoptr (PealMessage) bye = peal_message_new_bye (NULL, NULL, NULL);

  if (self->mode == MODE_NONE)
    return;
  self->is_in = FALSE;
  peal_session_names_forget (self->names, self->partner);
  g_clear_pointer (&self->partner, g_free);
  self->has_spoken = self->has_heard = FALSE;
  peal_dialect_say (PEAL_DIALECT (self), bye);
}

/* One who waits can be told to offer; one who calls does as it likes, and
 * those whom it does not call leave it alone. */
static const PealOffering offerings[] = {
  [MODE_WAITING] = PEAL_OFFERING_AS_TOLD,
  [MODE_CALLING] = PEAL_OFFERING_NEVER,
  [MODE_ROOM] = PEAL_OFFERING_AS_NEWCOMER,
};

static void
enter (PealGstexamplesServer *self, Mode mode, const gchar *room)
{
  g_autoptr (PealMessage) join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);

  leave (self);
  self->mode = mode;
  self->waiting_us = G_MAXINT64;
  join->room = g_strdup (room);
  join->name =
      peal_rooms_is_valid_name (self->name) ? g_strdup (self->name) : NULL;
  join->offering = offerings[mode];
  join->has_one_connection = mode == MODE_WAITING;
  join->calls = mode == MODE_CALLING ? g_strdup (self->wanted) : NULL;
  peal_dialect_say (PEAL_DIALECT (self), join);
}

/* ---- what the client says ---- */

static void
on_hello (PealGstexamplesServer *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->name || !line->id) {
    peal_dialect_end (
        PEAL_DIALECT (self), CLOSE_PROTOCOL_ERROR, "invalid peer uid");
    return;
  }
  if (!self->context->is_authorized (self->context->owner, NULL)) {
    put (self, PEAL_GSTEXAMPLES_ERROR, PEAL_ROOMS_UNAUTHORIZED);
    peal_dialect_end (
        PEAL_DIALECT (self), CLOSE_POLICY, PEAL_ROOMS_UNAUTHORIZED);
    return;
  }
  self->name = g_steal_pointer (&line->id);
  self->waiting_us = now_us + WAITING_AFTER_US;
  put (self, PEAL_GSTEXAMPLES_HELLO, NULL);
}

/* It may call again, or somebody else, before it is one that waits. The room
 * has not heard of it, and does not. */
static void
miss (PealGstexamplesServer *self, const gchar *who, gint64 now_us)
{
  put_peer_error (self, who, "not found");
  if (self->mode == MODE_NONE)
    self->waiting_us = now_us + WAITING_AFTER_CALL_US;
}

/* One who was taken for waiting, because it was slow, and got somebody may
 * still call as long as it has not said a word. */
static void
on_session (
    PealGstexamplesServer *self, PealGstexamplesLine *line, gint64 now_us)
{
  gboolean is_calling = self->mode == MODE_CALLING && self->partner;

  if (is_calling || self->has_spoken || self->mode == MODE_ROOM) {
    put (self, PEAL_GSTEXAMPLES_ERROR, "invalid command, already in a session");
    return;
  }
  if (!self->context->can_call (self->context->owner, line->id)) {
    miss (self, line->id, now_us);
    return;
  }
  g_free (self->wanted);
  self->wanted = g_steal_pointer (&line->id);
  enter (self, MODE_CALLING, NULL);
}

static void
on_room (PealGstexamplesServer *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->mode == MODE_ROOM)
    put (self, PEAL_GSTEXAMPLES_ERROR, "invalid command, already in a room");
  else if (!peal_rooms_is_valid_room (line->id))
    put (self, PEAL_GSTEXAMPLES_ERROR, "invalid room id");
  else
    enter (self, MODE_ROOM, line->id);
}

static void
pass_on (PealGstexamplesServer *self, const gchar *to, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealMessage) message =
      peal_gstexamples_read_payload (text, &error);
  g_autoptr (GPtrArray) said = NULL;

  if (!message) {
    complain (self, error->message);
    return;
  }
  message->peer_id = g_strdup (to);
  if (message->kind == PEAL_MESSAGE_RENEGOTIATE) {
    message->session =
        g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
    peal_dialect_say (PEAL_DIALECT (self), message);
    return;
  }
  said = peal_session_names_heard (self->names, message);
  for (guint i = 0; i < said->len; i++)
    peal_dialect_say (PEAL_DIALECT (self), g_ptr_array_index (said, i));
}

static void
on_peer_message (
    PealGstexamplesServer *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (self->is_in && self->mode == MODE_ROOM)
    pass_on (self, line->id, line->text);
  else
    complain (self, "not in a room");
}

static void
on_payload (
    PealGstexamplesServer *self, PealGstexamplesLine *line, gint64 now_us)
{
  if (!self->partner) {
    complain (self, "not in a session");
    return;
  }
  self->has_spoken = TRUE;
  pass_on (self, self->partner, line->text);
}

typedef void (*Handle) (
    PealGstexamplesServer *self, PealGstexamplesLine *line, gint64 now_us);

static const Handle handlers[PEAL_GSTEXAMPLES_PAYLOAD + 1] = {
  [PEAL_GSTEXAMPLES_HELLO] = on_hello,
  [PEAL_GSTEXAMPLES_SESSION] = on_session,
  [PEAL_GSTEXAMPLES_ROOM] = on_room,
  [PEAL_GSTEXAMPLES_ROOM_PEER_MSG] = on_peer_message,
  [PEAL_GSTEXAMPLES_PAYLOAD] = on_payload,
};

static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealGstexamplesServer *self = PEAL_GSTEXAMPLES_SERVER (dialect);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealGstexamplesLine) line =
      peal_gstexamples_decode (text, length, &error);

  if (!line)
    complain (self, error->message);
  else if (!self->name && line->kind != PEAL_GSTEXAMPLES_HELLO)
    peal_dialect_end (dialect, CLOSE_PROTOCOL_ERROR, "invalid hello");
  else if (!handlers[line->kind])
    complain (self, "a word of the server's");
  else
    handlers[line->kind](self, line, now_us);
}

/* ---- what the room says ---- */

static void
put_request (PealGstexamplesServer *self)
{
  g_autoptr (PealMessage) request =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, NULL);
  g_autofree gchar *text = peal_gstexamples_write_payload (request);

  self->has_heard = TRUE;
  peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

/* Is called, without being told so. */
static void
meet (PealGstexamplesServer *self, const PealMember *member)
{
  if (self->mode != MODE_WAITING || self->partner)
    return;
  self->partner = g_strdup (member->id);
  if (!member->offers)
    put_request (self);
}

static const PealMember *
find_wanted (PealGstexamplesServer *self, GPtrArray *members)
{
  for (guint i = 0; members && i < members->len; i++) {
    const PealMember *member = g_ptr_array_index (members, i);

    if (g_str_equal (member->id, self->wanted) ||
        g_strcmp0 (member->name, self->wanted) == 0)
      return member;
  }
  return NULL;
}

static void
call (PealGstexamplesServer *self, GPtrArray *members, gint64 now_us)
{
  const PealMember *member = find_wanted (self, members);

  if (member) {
    self->partner = g_strdup (member->id);
    put (self, PEAL_GSTEXAMPLES_SESSION_OK, NULL);
    return;
  }
  leave (self);
  self->mode = MODE_NONE;
  miss (self, self->wanted, now_us);
}

static void
put_room (PealGstexamplesServer *self, GPtrArray *members)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; members && i < members->len; i++) {
    const PealMember *member = g_ptr_array_index (members, i);

    g_string_append_printf (list, "%s%s", i ? " " : "", member->id);
  }
  put (self, PEAL_GSTEXAMPLES_ROOM_OK, list->str);
}

static void
hear_joined (PealGstexamplesServer *self, PealMessage *message, gint64 now_us)
{
  self->is_in = TRUE;
  if (self->mode == MODE_ROOM)
    put_room (self, message->members);
  else if (self->mode == MODE_CALLING)
    call (self, message->members, now_us);
  else if (message->members && message->members->len > 0)
    meet (self, g_ptr_array_index (message->members, 0));
}

static void
hear_peer_joined (PealGstexamplesServer *self, const PealMember *member)
{
  if (self->mode == MODE_ROOM)
    put (self, PEAL_GSTEXAMPLES_ROOM_PEER_JOINED, member->id);
  else
    meet (self, member);
}

/* Who has not noticed a call waits on. */
static void
end_call (PealGstexamplesServer *self)
{
  g_clear_pointer (&self->partner, g_free);
  if (self->mode == MODE_CALLING || self->has_spoken || self->has_heard)
    peal_dialect_end (
        PEAL_DIALECT (self), CLOSE_NORMAL, "the other side has left");
}

static void
hear_peer_left (PealGstexamplesServer *self, const gchar *id)
{
  peal_session_names_forget (self->names, id);
  if (self->mode == MODE_ROOM)
    put (self, PEAL_GSTEXAMPLES_ROOM_PEER_LEFT, id);
  else if (g_strcmp0 (self->partner, id) == 0)
    end_call (self);
}

static gboolean
hear_relayed (PealGstexamplesServer *self, PealMessage *message, GError **error)
{
  g_autofree gchar *text = peal_gstexamples_write_payload (message);
  g_autofree gchar *rest = NULL;

  if (self->mode != MODE_ROOM &&
      g_strcmp0 (self->partner, message->peer_id) != 0)
    return peal_error_set (error, PEAL_ERROR_USAGE,
        "it is in a call with somebody else, or in none");
  peal_session_names_sent (self->names, message);
  if (!text)
    return TRUE;
  rest = g_strdup_printf ("%s %s", message->peer_id, text);
  self->has_heard = TRUE;
  if (self->mode == MODE_ROOM)
    put (self, PEAL_GSTEXAMPLES_ROOM_PEER_MSG, rest);
  else
    peal_dialect_put_frame (PEAL_DIALECT (self), text);
  return TRUE;
}

/* What the client did wrong is counted only: their programs take an ERROR for
 * the end. */
static void
hear_error (PealGstexamplesServer *self, PealMessage *message)
{
  if (g_strcmp0 (message->code, PEAL_ROOMS_UNKNOWN_PEER) == 0 &&
      message->peer_id)
    put_peer_error (self, message->peer_id, "not found");
  else if (self->mode != MODE_NONE && !self->is_in)
    put_refusal (self, message);
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealGstexamplesServer *self = PEAL_GSTEXAMPLES_SERVER (dialect);

  switch (message->kind) {
    case PEAL_MESSAGE_JOINED:
      hear_joined (self, message, now_us);
      return TRUE;
    case PEAL_MESSAGE_PEER_JOINED:
      hear_peer_joined (self, message->member);
      return TRUE;
    case PEAL_MESSAGE_PEER_LEFT:
      hear_peer_left (self, message->peer_id);
      return TRUE;
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
    case PEAL_MESSAGE_RENEGOTIATE:
      return hear_relayed (self, message, error);
    case PEAL_MESSAGE_BYE:
      peal_session_names_forget (self->names, message->peer_id);
      return TRUE;
    case PEAL_MESSAGE_ERROR:
      hear_error (self, message);
      return TRUE;
    default:
      return peal_error_set (error, PEAL_ERROR_USAGE,
          "this protocol has no messages between members");
  }
}

static gint64
tick (PealDialect *dialect, gint64 now_us)
{
  PealGstexamplesServer *self = PEAL_GSTEXAMPLES_SERVER (dialect);

  if (self->waiting_us <= now_us)
    enter (self, MODE_WAITING, NULL);
  return self->waiting_us;
}

/* ---- life ---- */

static void
finalize (GObject *object)
{
  PealGstexamplesServer *self = PEAL_GSTEXAMPLES_SERVER (object);

  g_free (self->name);
  g_free (self->wanted);
  g_free (self->partner);
  peal_session_names_free (self->names);
  G_OBJECT_CLASS (peal_gstexamples_server_parent_class)->finalize (object);
}

static void
peal_gstexamples_server_class_init (PealGstexamplesServerClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->receive = receive;
  dialect_class->send = send;
  dialect_class->tick = tick;
}

static void
peal_gstexamples_server_init (PealGstexamplesServer *self)
{
  self->names = peal_session_names_new ();
  self->waiting_us = G_MAXINT64;
}

/**
 * peal_gstexamples_server_new:
 * @context: (transfer none): outlives the dialect
 *
 * Returns: (transfer full): the server's end, not opened
 */
PealDialect *
peal_gstexamples_server_new (const PealServerContext *context)
{
  PealGstexamplesServer *self =
      g_object_new (PEAL_TYPE_GSTEXAMPLES_SERVER, NULL);

  self->context = context;
  return PEAL_DIALECT (self);
}
