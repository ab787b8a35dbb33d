/*
 * A member among gst-plugins-rs' producers and consumers. See
 * gstwebrtc-client.h; protocols.md 2.1 is the protocol. Pure.
 *
 * Life: open -> welcome -> introduced -> in, when the server answers with
 * anything but an error -> left. What the room's side is told of comings is
 * made of statuses and sessions: a producer that we want is a member as long as
 * it produces; a consumer, as long as its session with us. What the room's side
 * says stands in gstwebrtc-client-say.c.
 */
#include "wire/gstwebrtc-client.h"

#include "wire/error-text.h"
#include "wire/gstwebrtc-client-private.h"
#include "wire/gstwebrtc-words.h"

/* chosen: a server that speaks the protocol says it at once. */
#define WELCOME_LIMIT_US (10 * G_USEC_PER_SEC)
/* chosen: a consumer that is there starts a session when it hears of us. */
#define SILENCE_LIMIT_US (5 * G_USEC_PER_SEC)
/* chosen, as many as a room of ours has members. */
#define MAX_LINKS 256

G_DEFINE_FINAL_TYPE (
    PealGstwebrtcClient, peal_gstwebrtc_client, PEAL_TYPE_DIALECT)

void
peal_gstwebrtc_client_put (
    PealGstwebrtcClient *self, const PealGstwebrtcMessage *message)
{
  peal_gstwebrtc_put (
      PEAL_DIALECT (self), PEAL_GSTWEBRTC_FROM_CLIENT, message, NULL);
}

/* ---- links ---- */

static PealGstwebrtcLink *
add_link (PealGstwebrtcClient *self, const gchar *peer_id, gboolean is_ours,
    gboolean offers)
{
  g_autofree gchar *id = peal_gstwebrtc_links_choose_id (self->links, peer_id);
  PealGstwebrtcLink *link = peal_gstwebrtc_link_new (id, peer_id, is_ours);
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_PEER_JOINED, NULL);

  g_ptr_array_add (self->links, link);
  joined->member = peal_member_new (id,
      peal_gstwebrtc_choice_get_name (&self->choice, peer_id), NULL, offers);
  peal_dialect_say (PEAL_DIALECT (self), joined);
  return link;
}

static void
remove_link (
    PealGstwebrtcClient *self, PealGstwebrtcLink *link, const gchar *reason)
{
  g_autoptr (PealMessage) left =
      peal_message_new (PEAL_MESSAGE_PEER_LEFT, link->member_id);

  left->text = g_strdup (reason);
  g_ptr_array_remove (self->links, link);
  peal_dialect_say (PEAL_DIALECT (self), left);
}

/**
 * peal_gstwebrtc_client_ask:
 *
 * Asks the peer of @link for a session.
 */
void
peal_gstwebrtc_client_ask (PealGstwebrtcClient *self, PealGstwebrtcLink *link)
{
  link->is_asking = TRUE;
  link->due_us = G_MAXINT64;
  peal_gstwebrtc_put_start (PEAL_DIALECT (self), link->peer_id, NULL, NULL);
}

/**
 * peal_gstwebrtc_client_end_link:
 * @reason: (nullable): said where the version can
 *
 * Ends the session of @link, if it has one.
 */
void
peal_gstwebrtc_client_end_link (
    PealGstwebrtcClient *self, PealGstwebrtcLink *link, const gchar *reason)
{
  if (link->session)
    peal_gstwebrtc_put_end (
        PEAL_DIALECT (self), self->choice.wish.version, link->session, reason);
  peal_gstwebrtc_link_end (link);
}

/* ---- who comes ---- */

static void
note_producer (PealGstwebrtcClient *self, const gchar *peer_id, JsonNode *meta)
{
  PealGstwebrtcLink *link;

  peal_gstwebrtc_choice_remember (&self->choice, peer_id, meta);
  if (peal_gstwebrtc_links_find_taken (self->links, peer_id) ||
      self->links->len >= MAX_LINKS ||
      !peal_gstwebrtc_choice_starts_with (&self->choice, peer_id, meta))
    return;
  link = add_link (self, peer_id, FALSE, TRUE);
  link->is_wanted = TRUE;
  peal_gstwebrtc_client_ask (self, link);
}

static void
note_no_producer (PealGstwebrtcClient *self, const gchar *peer_id)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_taken (self->links, peer_id);

  if (link)
    remove_link (self, link, "stopped producing");
}

/* A consumer that waits: a producer starts with it. */
static void
note_consumer (PealGstwebrtcClient *self, const gchar *peer_id, JsonNode *meta)
{
  peal_gstwebrtc_choice_remember (&self->choice, peer_id, meta);
  if (!peal_gstwebrtc_choice_produces (&self->choice) ||
      !peal_gstwebrtc_choice_is_chosen (&self->choice, peer_id) ||
      g_hash_table_size (self->pushed) >= MAX_LINKS ||
      !g_hash_table_add (self->pushed, g_strdup (peer_id)))
    return;
  peal_gstwebrtc_put_start (PEAL_DIALECT (self), peer_id, NULL, NULL);
}

/* ---- joining ---- */

/* A listener hears who it is when that one starts; it asks only to tell the
 * user whether the one that it waits for is there. */
static void
ask_who_is_there (PealGstwebrtcClient *self)
{
  PealGstwebrtcRole role = self->choice.wish.role;
  g_autoptr (PealGstwebrtcMessage) question = peal_gstwebrtc_message_new (
      role == PEAL_GSTWEBRTC_ROLE_PRODUCER ? PEAL_GSTWEBRTC_LIST_CONSUMERS
                                           : PEAL_GSTWEBRTC_LIST);

  if (role != PEAL_GSTWEBRTC_ROLE_LISTENER ||
      peal_gstwebrtc_choice_names_one (&self->choice))
    peal_gstwebrtc_client_put (self, question);
}

static void
introduce (PealGstwebrtcClient *self)
{
  g_autoptr (PealGstwebrtcMessage) version =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_SET_PROTOCOL_VERSION);
  g_autoptr (PealGstwebrtcMessage) status =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_SET_PEER_STATUS);

  version->version = self->choice.wish.version;
  if (version->version != PEAL_GSTWEBRTC_V1_0)
    peal_gstwebrtc_client_put (self, version);
  status->roles = peal_gstwebrtc_choice_roles (&self->choice);
  status->meta = peal_gstwebrtc_choice_make_meta (
      &self->choice, self->join->meta, self->join->name);
  peal_gstwebrtc_client_put (self, status);
  ask_who_is_there (self);
}

/* Nobody says that we are in, but a server answers to what it has taken in. */
static void
be_in (PealGstwebrtcClient *self, gint64 now_us)
{
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_JOINED, self->choice.own_id);

  self->is_in = TRUE;
  self->deadline_us = G_MAXINT64;
  if (self->choice.wish.role == PEAL_GSTWEBRTC_ROLE_PRODUCER &&
      peal_gstwebrtc_choice_names_one (&self->choice))
    self->silence_us = now_us + SILENCE_LIMIT_US;
  joined->room = g_strdup (self->join->room);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  peal_dialect_say (PEAL_DIALECT (self), joined);
}

/* ---- words from the server ---- */

static void
on_welcome (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  if (self->choice.own_id || !self->join)
    return;
  self->choice.own_id = g_steal_pointer (&message->peer_id);
  self->deadline_us = now_us + WELCOME_LIMIT_US;
  introduce (self);
}

static void
on_status (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  if (message->roles & PEAL_GSTWEBRTC_PRODUCER)
    note_producer (self, message->peer_id, message->meta);
  else
    note_no_producer (self, message->peer_id);

  if (message->roles & PEAL_GSTWEBRTC_CONSUMER)
    note_consumer (self, message->peer_id, message->meta);
  else
    g_hash_table_remove (self->pushed, message->peer_id);
  if (message->roles == 0)
    peal_gstwebrtc_choice_forget (&self->choice, message->peer_id);
}

static void
on_list (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  for (guint i = 0; message->peers && i < message->peers->len; i++) {
    PealGstwebrtcPeer *peer = g_ptr_array_index (message->peers, i);

    if (message->kind == PEAL_GSTWEBRTC_LIST)
      note_producer (self, peer->id, peer->meta);
    else
      note_consumer (self, peer->id, peer->meta);
  }
  if (message->kind == PEAL_GSTWEBRTC_LIST)
    peal_gstwebrtc_choice_tell_absence (&self->choice, message->peers, self);
}

/* Somebody consumes us. */
static void
on_start_session (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  PealGstwebrtcLink *link;

  if (!peal_gstwebrtc_choice_produces (&self->choice) ||
      !peal_gstwebrtc_choice_is_chosen (&self->choice, message->peer_id) ||
      self->links->len >= MAX_LINKS) {
    peal_gstwebrtc_put_end (PEAL_DIALECT (self), self->choice.wish.version,
        message->session, "not wanted");
    return;
  }
  link = add_link (self, message->peer_id, TRUE, message->sdp != NULL);
  peal_gstwebrtc_link_begin (link, message->session, now_us);
  if (message->sdp)
    peal_gstwebrtc_link_say_offer (link, PEAL_DIALECT (self), message->sdp);
}

/* We consume somebody: because we asked, or because it pushes. */
static void
on_session_started (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_taken (self->links, message->peer_id);

  if (link && !link->is_asking)
    link = NULL;
  if (!link && self->choice.wish.role == PEAL_GSTWEBRTC_ROLE_LISTENER &&
      peal_gstwebrtc_choice_is_chosen (&self->choice, message->peer_id) &&
      self->links->len < MAX_LINKS)
    link = add_link (self, message->peer_id, FALSE, TRUE);
  if (!link) {
    peal_gstwebrtc_put_end (PEAL_DIALECT (self), self->choice.wish.version,
        message->session, "not wanted");
    return;
  }
  peal_gstwebrtc_link_begin (link, message->session, now_us);
  for (guint i = 0; i < link->waiting->len; i++)
    peal_gstwebrtc_put_candidate (
        PEAL_DIALECT (self), link, g_ptr_array_index (link->waiting, i), NULL);
  g_ptr_array_set_size (link->waiting, 0);
}

/* A second offer in a session would be for the same connection of theirs,
 * which ours cannot be: another session it is. */
static void
on_offer (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (!link || link->is_ours)
    return;
  if (link->own_session && !link->has_offered) {
    peal_gstwebrtc_client_end_link (
        self, link, "renegotiation is a new session");
    if (link->is_wanted)
      peal_gstwebrtc_client_ask (self, link);
    return;
  }
  peal_gstwebrtc_link_say_bye (link, PEAL_DIALECT (self), "it offers itself");
  peal_gstwebrtc_link_say_offer (link, PEAL_DIALECT (self), message->sdp);
}

static void
on_answer (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (link && link->own_session && link->has_offered)
    peal_gstwebrtc_link_say_answer (link, PEAL_DIALECT (self), message->sdp);
}

static void
on_ice (PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);

  if (link && link->own_session)
    peal_gstwebrtc_link_say_candidate (
        link, PEAL_DIALECT (self), message->candidate, message->mline);
}

static void
on_end_session (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  PealGstwebrtcLink *link =
      peal_gstwebrtc_links_find_session (self->links, message->session);
  const gchar *reason = message->text ? message->text : "ended the session";

  if (!link)
    return;
  if (!link->is_wanted) {
    remove_link (self, link, reason);
    return;
  }
  peal_gstwebrtc_link_say_bye (link, PEAL_DIALECT (self), reason);
  peal_gstwebrtc_link_end (link);
  peal_gstwebrtc_link_retry (link, now_us);
}

/* It does not say which question it answers. */
static void
on_error (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us)
{
  g_autoptr (PealMessage) error = peal_error_text_read (message->text);

  for (guint i = 0; i < self->links->len; i++) {
    PealGstwebrtcLink *link = g_ptr_array_index (self->links, i);

    if (!link->is_asking)
      continue;
    peal_gstwebrtc_link_say_bye (link, PEAL_DIALECT (self), message->text);
    peal_gstwebrtc_link_end (link);
    peal_gstwebrtc_link_retry (link, now_us);
  }
  peal_dialect_say (PEAL_DIALECT (self), error);
}

typedef void (*Handle) (
    PealGstwebrtcClient *self, PealGstwebrtcMessage *message, gint64 now_us);

static const Handle handlers[] = {
  [PEAL_GSTWEBRTC_LIST] = on_list,
  [PEAL_GSTWEBRTC_LIST_CONSUMERS] = on_list,
  [PEAL_GSTWEBRTC_START_SESSION] = on_start_session,
  [PEAL_GSTWEBRTC_PEER_OFFER] = on_offer,
  [PEAL_GSTWEBRTC_PEER_ANSWER] = on_answer,
  [PEAL_GSTWEBRTC_PEER_ICE] = on_ice,
  [PEAL_GSTWEBRTC_END_SESSION] = on_end_session,
  [PEAL_GSTWEBRTC_WELCOME] = on_welcome,
  [PEAL_GSTWEBRTC_PEER_STATUS_CHANGED] = on_status,
  [PEAL_GSTWEBRTC_SESSION_STARTED] = on_session_started,
  [PEAL_GSTWEBRTC_ERROR] = on_error,
};

/* What cannot be read is left out: their servers know more than we do. */
static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealGstwebrtcClient *self = PEAL_GSTWEBRTC_CLIENT (dialect);
  g_autoptr (PealGstwebrtcMessage) message =
      peal_gstwebrtc_decode (PEAL_GSTWEBRTC_FROM_SERVER, text, length, NULL);
  gboolean is_known = self->choice.own_id && self->join;

  if (!message || (!is_known && message->kind != PEAL_GSTWEBRTC_WELCOME))
    return;
  if (is_known && !self->is_in && message->kind != PEAL_GSTWEBRTC_ERROR)
    be_in (self, now_us);
  handlers[message->kind](self, message, now_us);
}

/* ---- time ---- */

static gint64
tick_links (PealGstwebrtcClient *self, gint64 now_us)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = self->links->len; i > 0; i--) {
    PealGstwebrtcLink *link = g_ptr_array_index (self->links, i - 1);

    if (link->due_us <= now_us) {
      if (link->is_leaving) {
        remove_link (self, link, "the session is over");
        continue;
      }
      peal_gstwebrtc_client_ask (self, link);
    }
    next_us = MIN (next_us, link->due_us);
  }
  return next_us;
}

static gint64
tick_silence (PealGstwebrtcClient *self, gint64 now_us)
{
  if (now_us < self->silence_us)
    return self->silence_us;
  self->silence_us = G_MAXINT64;
  if (self->links->len == 0)
    peal_gstwebrtc_choice_tell_silence (&self->choice, self);
  return G_MAXINT64;
}

static gint64
tick (PealDialect *dialect, gint64 now_us)
{
  PealGstwebrtcClient *self = PEAL_GSTWEBRTC_CLIENT (dialect);
  gint64 next_us;

  if (self->deadline_us <= now_us) {
    peal_dialect_end (dialect, 1002,
        self->choice.own_id ? "the server does not answer"
                            : "the server does not say welcome");
    return G_MAXINT64;
  }
  next_us = MIN (tick_links (self, now_us), tick_silence (self, now_us));
  return MIN (next_us, self->deadline_us);
}

/* ---- life ---- */

static void
open (PealDialect *dialect, gint64 now_us)
{
  PEAL_GSTWEBRTC_CLIENT (dialect)->deadline_us = now_us + WELCOME_LIMIT_US;
}

static void
finalize (GObject *object)
{
  PealGstwebrtcClient *self = PEAL_GSTWEBRTC_CLIENT (object);

  peal_gstwebrtc_choice_clear (&self->choice);
  g_clear_pointer (&self->join, peal_message_unref);
  g_ptr_array_unref (self->links);
  g_hash_table_unref (self->pushed);
  G_OBJECT_CLASS (peal_gstwebrtc_client_parent_class)->finalize (object);
}

static void
peal_gstwebrtc_client_class_init (PealGstwebrtcClientClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->open = open;
  dialect_class->receive = receive;
  dialect_class->send = peal_gstwebrtc_client_say;
  dialect_class->tick = tick;
}

static void
peal_gstwebrtc_client_init (PealGstwebrtcClient *self)
{
  self->links =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_gstwebrtc_link_free);
  self->pushed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->deadline_us = G_MAXINT64;
  self->silence_us = G_MAXINT64;
}

/**
 * peal_gstwebrtc_client_new:
 * @wish: (transfer none): what to be, and with whom
 * @join: (transfer full): our name and meta
 *
 * Returns: (transfer full): a client that waits for its connection
 */
PealDialect *
peal_gstwebrtc_client_new (const PealGstwebrtcWish *wish, PealMessage *join)
{
  PealGstwebrtcClient *self = g_object_new (PEAL_TYPE_GSTWEBRTC_CLIENT, NULL);

  peal_gstwebrtc_choice_init (&self->choice, wish);
  self->join = join;
  return PEAL_DIALECT (self);
}
