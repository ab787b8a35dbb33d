/*
 * The server's end of gst-plugins-rs' signalling. See gstwebrtc-server.h;
 * protocols.md 2.1 is the protocol. Pure.
 *
 * Life: open (welcome) -> the first word of the client (join) -> in the room;
 * and out of it, while somebody who was to be called has no roles any more.
 * Their clients take any `error` for the end, so only what is one is said so;
 * a session that cannot be begins and ends at once.
 */
#include "wire/gstwebrtc-server.h"

#include "base/error.h"
#include "wire/error-text.h"
#include "wire/gstwebrtc-roster.h"
#include "wire/gstwebrtc-words.h"
#include "wire/peal-rooms.h"

/* With one of these a client is called by others. */
#define CALLED (PEAL_GSTWEBRTC_PRODUCER | PEAL_GSTWEBRTC_CONSUMER)

struct _PealGstwebrtcServer {
  PealDialect parent;

  const PealServerContext *context;
  PealGstwebrtcVersion version;
  PealGstwebrtcRoster roster;
  gboolean has_asked;  /* to join */
  gboolean is_retired; /* took its roles back, and wants nothing since */
  GPtrArray *links;    /* of PealGstwebrtcLink, by member */
};

G_DEFINE_FINAL_TYPE (
    PealGstwebrtcServer, peal_gstwebrtc_server, PEAL_TYPE_DIALECT)

/* ---- words to the client ---- */

static gboolean
put (PealGstwebrtcServer *self, const PealGstwebrtcMessage *message,
    GError **error)
{
  return peal_gstwebrtc_put (
      PEAL_DIALECT (self), PEAL_GSTWEBRTC_FROM_SERVER, message, error);
}

static gboolean
put_session (PealGstwebrtcServer *self, PealGstwebrtcKind kind,
    const PealGstwebrtcLink *link, const gchar *offer, GError **error)
{
  g_autoptr (PealGstwebrtcMessage) message = peal_gstwebrtc_message_new (kind);

  message->peer_id = g_strdup (link->peer_id);
  message->session = g_strdup (link->session);
  message->sdp = g_strdup (offer);
  return put (self, message, error);
}

/* ---- words to the room ---- */

static void
join (PealGstwebrtcServer *self)
{
  g_autoptr (PealMessage) join = NULL;

  if (self->has_asked)
    return;
  self->has_asked = TRUE;
  join = peal_gstwebrtc_roster_make_join (&self->roster);
  peal_dialect_say (PEAL_DIALECT (self), join);
}

static void
ask_member (PealGstwebrtcServer *self, const PealGstwebrtcLink *link)
{
  g_autoptr (PealMessage) renegotiate =
      peal_message_new (PEAL_MESSAGE_RENEGOTIATE, link->member_id);

  renegotiate->session =
      g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  peal_dialect_say (PEAL_DIALECT (self), renegotiate);
}

static void
refuse_member (
    PealGstwebrtcServer *self, const PealMessage *offer, const gchar *reason)
{
  g_autoptr (PealMessage) bye =
      peal_message_new_bye (offer->peer_id, offer->session, reason);

  peal_dialect_say (PEAL_DIALECT (self), bye);
}

/* ---- sessions ---- */

static void
end_link (
    PealGstwebrtcServer *self, PealGstwebrtcLink *link, const gchar *reason)
{
  if (link->session)
    peal_gstwebrtc_put_end (
        PEAL_DIALECT (self), self->version, link->session, reason);
  peal_gstwebrtc_link_end (link);
}

/* A session of its own with @member_id; the one before has ended. */
static PealGstwebrtcLink *
begin (PealGstwebrtcServer *self, const gchar *member_id, gboolean is_ours)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, member_id);
  g_autofree gchar *session = g_uuid_string_random ();

  if (!link) {
    link = peal_gstwebrtc_link_new (member_id, member_id, is_ours);
    g_ptr_array_add (self->links, link);
  }
  end_link (self, link, "another session begins");
  link->is_ours = is_ours;
  peal_gstwebrtc_link_begin (link, session, 0);
  return link;
}

/* The client is to send to a member. */
static void
begin_producing (PealGstwebrtcServer *self, const gchar *member_id)
{
  PealGstwebrtcLink *link = begin (self, member_id, TRUE);

  put_session (self, PEAL_GSTWEBRTC_START_SESSION, link, NULL, NULL);
}

/* The client is to take from a member. */
static PealGstwebrtcLink *
begin_taking (PealGstwebrtcServer *self, const gchar *member_id)
{
  PealGstwebrtcLink *link = begin (self, member_id, FALSE);

  put_session (self, PEAL_GSTWEBRTC_SESSION_STARTED, link, NULL, NULL);
  return link;
}

static void
greet (PealGstwebrtcServer *self, const PealMember *member)
{
  if (!peal_gstwebrtc_roster_is_producer (member))
    return; /* it asks for what it wants */
  if (peal_gstwebrtc_roster_starts_itself (&self->roster))
    return;
  if (peal_gstwebrtc_roster_produces (&self->roster))
    begin_producing (self, member->id);
  else if (peal_gstwebrtc_roster_waits (&self->roster))
    ask_member (self, begin_taking (self, member->id));
}

/* ---- words from the client ---- */

static void
on_version (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  self->version = message->version;
}

/* Who begins to produce, or stops, is another member to the room. */
static void
leave_room (PealGstwebrtcServer *self)
{
  g_autoptr (PealMessage) bye = peal_message_new_bye (NULL, NULL, NULL);

  for (guint i = 0; i < self->links->len; i++)
    end_link (self, g_ptr_array_index (self->links, i), "the status changed");
  g_ptr_array_set_size (self->links, 0);
  peal_gstwebrtc_roster_leave (&self->roster);
  self->has_asked = FALSE;
  peal_dialect_say (PEAL_DIALECT (self), bye);
}

/* Who says that it has no roles is one of two: webrtcsrc, which says so first
 * and then takes; or one that could be called, and no longer wants to be. */
static gboolean
retires (PealGstwebrtcServer *self, const PealGstwebrtcMessage *message)
{
  return message->roles == 0 &&
      (self->is_retired || (self->roster.roles & CALLED) != 0);
}

static void
on_status (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  guint changed = self->roster.roles ^ message->roles;

  self->is_retired = retires (self, message);
  if (self->roster.is_in && (changed & CALLED))
    leave_room (self);
  peal_gstwebrtc_roster_set_status (
      &self->roster, PEAL_DIALECT (self), message);
  if (!self->is_retired)
    join (self);
}

static void
on_list (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  peal_gstwebrtc_roster_ask (&self->roster, PEAL_DIALECT (self), message->kind);
  self->is_retired = FALSE;
  join (self);
}

/* A session with somebody who is not there is over at once. */
static void
put_failed_session (PealGstwebrtcServer *self, const gchar *peer_id)
{
  g_autofree gchar *session = g_uuid_string_random ();
  g_autoptr (PealGstwebrtcMessage) started =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_SESSION_STARTED);

  started->peer_id = g_strdup (peer_id);
  started->session = g_strdup (session);
  put (self, started, NULL);
  peal_gstwebrtc_put_end (
      PEAL_DIALECT (self), self->version, session, "nobody of that id is here");
}

static void
on_start_session (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  PealGstwebrtcLink *link;

  if (!g_hash_table_contains (self->roster.members, message->peer_id)) {
    put_failed_session (self, message->peer_id);
    return;
  }
  link = begin_taking (self, message->peer_id);
  if (message->sdp)
    peal_gstwebrtc_link_say_offer (link, PEAL_DIALECT (self), message->sdp);
  else
    ask_member (self, link);
}

/* What a member that offered to a producer gets, if the producer did not
 * understand, is the producer's own offer. */
static void
on_offer (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (!link || !link->is_ours)
    return;
  if (link->own_session && !link->has_offered) {
    begin_producing (self, link->member_id);
    return;
  }
  link->only_offers = link->only_offers || link->has_offered;
  peal_gstwebrtc_link_say_bye (link, PEAL_DIALECT (self), "it offers itself");
  peal_gstwebrtc_link_say_offer (link, PEAL_DIALECT (self), message->sdp);
}

static void
on_answer (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (link && link->own_session && link->has_offered)
    peal_gstwebrtc_link_say_answer (link, PEAL_DIALECT (self), message->sdp);
}

static void
on_ice (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (link && link->own_session)
    peal_gstwebrtc_link_say_candidate (
        link, PEAL_DIALECT (self), message->candidate, message->mline);
}

static void
on_end_session (PealGstwebrtcServer *self, PealGstwebrtcMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (!link)
    return;
  peal_gstwebrtc_link_say_bye (link, PEAL_DIALECT (self),
      message->text ? message->text : "ended the session");
  peal_gstwebrtc_link_end (link);
}

typedef void (*Handle) (
    PealGstwebrtcServer *self, PealGstwebrtcMessage *message);

static const Handle handlers[] = {
  [PEAL_GSTWEBRTC_SET_PROTOCOL_VERSION] = on_version,
  [PEAL_GSTWEBRTC_SET_PEER_STATUS] = on_status,
  [PEAL_GSTWEBRTC_LIST] = on_list,
  [PEAL_GSTWEBRTC_LIST_CONSUMERS] = on_list,
  [PEAL_GSTWEBRTC_START_SESSION] = on_start_session,
  [PEAL_GSTWEBRTC_PEER_OFFER] = on_offer,
  [PEAL_GSTWEBRTC_PEER_ANSWER] = on_answer,
  [PEAL_GSTWEBRTC_PEER_ICE] = on_ice,
  [PEAL_GSTWEBRTC_END_SESSION] = on_end_session,
};

/* What is wrong is counted by the owner, and not told the client. */
static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealGstwebrtcServer *self = PEAL_GSTWEBRTC_SERVER (dialect);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealGstwebrtcMessage) message =
      peal_gstwebrtc_decode (PEAL_GSTWEBRTC_FROM_CLIENT, text, length, &error);
  g_autoptr (PealMessage) complaint = NULL;

  if (message) {
    handlers[message->kind](self, message);
    return;
  }
  complaint =
      peal_message_new_error (NULL, PEAL_ROOMS_BAD_MESSAGE, error->message);
  peal_dialect_say (dialect, complaint);
}

/* ---- words from the room ---- */

static void
hear_joined (PealGstwebrtcServer *self, PealMessage *message)
{
  peal_gstwebrtc_roster_enter (
      &self->roster, PEAL_DIALECT (self), message->members);
  for (guint i = 0; message->members && i < message->members->len; i++)
    greet (self, g_ptr_array_index (message->members, i));
}

static void
hear_peer_joined (PealGstwebrtcServer *self, PealMessage *message)
{
  peal_gstwebrtc_roster_add (
      &self->roster, PEAL_DIALECT (self), message->member);
  greet (self, message->member);
}

static void
hear_peer_left (PealGstwebrtcServer *self, PealMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, message->peer_id);

  if (link) {
    end_link (self, link, "the other side left");
    g_ptr_array_remove (self->links, link);
  }
  peal_gstwebrtc_roster_remove (
      &self->roster, PEAL_DIALECT (self), message->peer_id);
}

/* A producer may answer an offer that comes with the question for a session;
 * one that could not once is not tried again. */
static gboolean
offer_to_producer (
    PealGstwebrtcServer *self, PealMessage *message, GError **error)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, message->peer_id);

  if (link && link->only_offers)
    return peal_error_set (error, PEAL_ERROR_USAGE, "it takes no offers");
  link = begin (self, message->peer_id, TRUE);
  link->own_session = g_strdup (message->session);
  link->has_offered = TRUE;
  return put_session (
      self, PEAL_GSTWEBRTC_START_SESSION, link, message->sdp, error);
}

static gboolean
hear_offer (PealGstwebrtcServer *self, PealMessage *message, GError **error)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, message->peer_id);
  gboolean is_asked = link && link->session && !link->is_ours;

  if (!is_asked && peal_gstwebrtc_roster_produces (&self->roster))
    return offer_to_producer (self, message, error);
  if (!is_asked && !peal_gstwebrtc_roster_waits (&self->roster)) {
    refuse_member (self, message, "it did not ask for an offer");
    return TRUE;
  }
  if (!is_asked || link->own_session)
    link = begin_taking (self, message->peer_id);
  g_free (link->own_session);
  link->own_session = g_strdup (message->session);
  link->has_offered = TRUE;
  return peal_gstwebrtc_put_description (PEAL_DIALECT (self), link,
      PEAL_GSTWEBRTC_PEER_OFFER, message->sdp, error);
}

static PealGstwebrtcLink *
find_current (PealGstwebrtcServer *self, const PealMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, message->peer_id);

  return link && link->session &&
          g_strcmp0 (link->own_session, message->session) == 0
      ? link
      : NULL;
}

static gboolean
hear_answer (PealGstwebrtcServer *self, PealMessage *message, GError **error)
{
  PealGstwebrtcLink *link = find_current (self, message);

  return !link || link->has_offered ||
      peal_gstwebrtc_put_description (PEAL_DIALECT (self), link,
          PEAL_GSTWEBRTC_PEER_ANSWER, message->sdp, error);
}

static gboolean
hear_candidate (PealGstwebrtcServer *self, PealMessage *message, GError **error)
{
  PealGstwebrtcLink *link = find_current (self, message);

  return !link ||
      peal_gstwebrtc_put_candidate (PEAL_DIALECT (self), link, message, error);
}

static gboolean
hear_renegotiate (
    PealGstwebrtcServer *self, PealMessage *message, GError **error)
{
  if (!peal_gstwebrtc_roster_produces (&self->roster))
    return peal_error_set (error, PEAL_ERROR_USAGE, "it does not offer");
  begin_producing (self, message->peer_id);
  return TRUE;
}

static void
hear_bye (PealGstwebrtcServer *self, PealMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, message->peer_id);

  if (link &&
      (!message->session ||
          g_strcmp0 (link->own_session, message->session) == 0))
    end_link (self, link, message->text);
}

/* Only what keeps the client out is an error to it; what did not reach a
 * member ends the session with that member. */
static void
hear_error (PealGstwebrtcServer *self, PealMessage *message)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_member (self->links, message->peer_id);
  g_autoptr (PealGstwebrtcMessage) error =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_ERROR);

  if (link && g_strcmp0 (message->code, PEAL_ROOMS_UNKNOWN_PEER) == 0)
    end_link (self, link, message->text);
  if (self->roster.is_in ||
      g_strcmp0 (message->code, PEAL_ROOMS_BAD_MESSAGE) == 0)
    return;
  error->text = peal_error_text_write (message);
  put (self, error, NULL);
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealGstwebrtcServer *self = PEAL_GSTWEBRTC_SERVER (dialect);

  switch (message->kind) {
    case PEAL_MESSAGE_JOINED:
      hear_joined (self, message);
      return TRUE;
    case PEAL_MESSAGE_PEER_JOINED:
      hear_peer_joined (self, message);
      return TRUE;
    case PEAL_MESSAGE_PEER_LEFT:
      hear_peer_left (self, message);
      return TRUE;
    case PEAL_MESSAGE_OFFER:
      return hear_offer (self, message, error);
    case PEAL_MESSAGE_ANSWER:
      return hear_answer (self, message, error);
    case PEAL_MESSAGE_CANDIDATE:
      return hear_candidate (self, message, error);
    case PEAL_MESSAGE_RENEGOTIATE:
      return hear_renegotiate (self, message, error);
    case PEAL_MESSAGE_BYE:
      hear_bye (self, message);
      return TRUE;
    case PEAL_MESSAGE_ERROR:
      hear_error (self, message);
      return TRUE;
    default:
      return peal_error_set (error, PEAL_ERROR_USAGE,
          "this protocol has no messages between members");
  }
}

/* ---- life ---- */

static void
open (PealDialect *dialect, gint64 now_us)
{
  PealGstwebrtcServer *self = PEAL_GSTWEBRTC_SERVER (dialect);
  g_autoptr (PealGstwebrtcMessage) welcome =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_WELCOME);

  welcome->peer_id = g_strdup (self->context->id);
  put (self, welcome, NULL);
}

static void
finalize (GObject *object)
{
  PealGstwebrtcServer *self = PEAL_GSTWEBRTC_SERVER (object);

  peal_gstwebrtc_roster_clear (&self->roster);
  g_ptr_array_unref (self->links);
  G_OBJECT_CLASS (peal_gstwebrtc_server_parent_class)->finalize (object);
}

static void
peal_gstwebrtc_server_class_init (PealGstwebrtcServerClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->open = open;
  dialect_class->receive = receive;
  dialect_class->send = send;
}

static void
peal_gstwebrtc_server_init (PealGstwebrtcServer *self)
{
  peal_gstwebrtc_roster_init (&self->roster);
  self->links =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_gstwebrtc_link_free);
}

/**
 * peal_gstwebrtc_server_new:
 * @context: (transfer none): outlives the dialect
 *
 * Returns: (transfer full): the server's end, not opened
 */
PealDialect *
peal_gstwebrtc_server_new (const PealServerContext *context)
{
  PealGstwebrtcServer *self = g_object_new (PEAL_TYPE_GSTWEBRTC_SERVER, NULL);

  self->context = context;
  self->roster.own_id = context->id;
  return PEAL_DIALECT (self);
}
