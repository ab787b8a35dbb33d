/*
 * The client's end of the raw relay. See relay-client.h. Pure.
 *
 * It outlives connections: it remembers the peer, its sessions and the offer
 * that waits, since to the others nothing has happened when we
 * lose the relay and find it again.
 */
#include "wire/relay-client.h"

#include "base/error.h"
#include "wire/foreign-peers.h"
#include "wire/relay.h"

/* The issue: wait about 1 s to be offered, then offer, and again every 3 s. */
#define WAIT_US G_USEC_PER_SEC
#define AGAIN_US (3 * G_USEC_PER_SEC)
/* Chosen: after a call there is mostly nobody for a while. */
#define NEXT_US (5 * G_USEC_PER_SEC)

struct _PealRelayClient {
  PealDialect parent;

  gchar *room;
  PealForeignPeers *peers; /* the one, or none */
  gint64 next_us;          /* without a peer: when one is presumed */
  PealMessage *answered;   /* their offer that we answered last */
  gboolean may_be_refused; /* nobody has said anything in this connection */
  GPtrArray *answer;       /* of PealMessage: our answer and its candidates */
};

G_DEFINE_FINAL_TYPE (PealRelayClient, peal_relay_client, PEAL_TYPE_DIALECT)

static PealMember *
make_peer (gboolean offers)
{
  PealMember *member = peal_member_new (PEAL_RELAY_PEER_ID, NULL, NULL, offers);

  member->is_presumed = TRUE;
  member->is_settled = TRUE;
  return member;
}

static void
put (PealRelayClient *self, const PealMessage *message)
{
  g_autofree gchar *text = peal_relay_encode (message);

  if (text)
    peal_dialect_put_frame (PEAL_DIALECT (self), text);
}

static void
put_all (PealRelayClient *self, GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    put (self, g_ptr_array_index (messages, i));
}

static void
announce (PealRelayClient *self, gboolean offers)
{
  g_autoptr (PealMessage) message =
      peal_message_new (PEAL_MESSAGE_PEER_JOINED, PEAL_RELAY_PEER_ID);

  message->member = make_peer (offers);
  peal_foreign_peers_add (self->peers, PEAL_RELAY_PEER_ID, G_MAXINT64);
  self->next_us = G_MAXINT64;
  peal_dialect_say (PEAL_DIALECT (self), message);
}

static gboolean
is_known (PealRelayClient *self)
{
  return peal_foreign_peers_has (self->peers, PEAL_RELAY_PEER_ID);
}

/* Our unanswered offer and its candidates, or NULL. */
static GPtrArray *
get_ours (PealRelayClient *self)
{
  PealCrossing *crossing =
      peal_foreign_peers_get_crossing (self->peers, PEAL_RELAY_PEER_ID);

  return crossing ? peal_crossing_get_ours (crossing) : NULL;
}

/* ---- what the peer says ---- */

/* Some relays send to everyone, and that is us, too. */
static gboolean
is_echo (PealRelayClient *self, PealMessage *message)
{
  GPtrArray *lists[] = { get_ours (self), self->answer };

  for (guint k = 0; k < G_N_ELEMENTS (lists); k++) {
    for (guint i = 0; lists[k] && i < lists[k]->len; i++) {
      PealMessage *said = g_ptr_array_index (lists[k], i);

      if (said->kind == message->kind && (said->sdp || said->candidate) &&
          g_strcmp0 (said->sdp, message->sdp) == 0 &&
          g_strcmp0 (said->candidate, message->candidate) == 0)
        return TRUE;
    }
  }
  return FALSE;
}

/* One that has not heard our answer says its offer again. */
static gboolean
is_answered (PealRelayClient *self, PealMessage *message)
{
  return message->kind == PEAL_MESSAGE_OFFER && self->answered &&
      self->answer->len > 0 &&
      g_strcmp0 (self->answered->sdp, message->sdp) == 0;
}

static void
hear (PealRelayClient *self, PealMessage *message, gint64 now_us)
{
  if (message->kind == PEAL_MESSAGE_OFFER) {
    if (!is_known (self))
      announce (self, TRUE);
    g_clear_pointer (&self->answered, peal_message_unref);
    self->answered = peal_message_ref (message);
    g_ptr_array_set_size (self->answer, 0);
  }
  peal_foreign_peers_heard (self->peers, message, now_us);
}

/* ---- the peer comes and goes ---- */

static void
forget_peer (PealRelayClient *self, gint64 next_us)
{
  peal_foreign_peers_remove (self->peers, PEAL_RELAY_PEER_ID);
  self->next_us = next_us;
  g_clear_pointer (&self->answered, peal_message_unref);
  g_ptr_array_set_size (self->answer, 0);
}

static void
hear_bye (PealRelayClient *self, gint64 now_us)
{
  g_autoptr (PealMessage) left =
      peal_message_new (PEAL_MESSAGE_PEER_LEFT, PEAL_RELAY_PEER_ID);

  if (!is_known (self))
    return;
  left->text = g_strdup ("left");
  peal_dialect_say (PEAL_DIALECT (self), left);
  forget_peer (self, now_us + NEXT_US);
}

/* Only what comes first is the relay's own word: later, it may be anybody's. */
static void
hear_error (PealRelayClient *self, PealMessage *message)
{
  if (self->may_be_refused)
    peal_dialect_say (PEAL_DIALECT (self), message);
}

static void
peal_relay_client_receive (
    PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealRelayClient *self = PEAL_RELAY_CLIENT (dialect);
  g_autoptr (PealMessage) message = NULL;

  if (!peal_relay_decode (text, length, &message, NULL) || !message ||
      is_echo (self, message))
    return;
  if (message->kind == PEAL_MESSAGE_ERROR) {
    hear_error (self, message);
    return;
  }
  self->may_be_refused = FALSE;
  g_free (message->peer_id);
  message->peer_id = g_strdup (PEAL_RELAY_PEER_ID);
  if (message->kind == PEAL_MESSAGE_BYE)
    hear_bye (self, now_us);
  else if (is_answered (self, message))
    put_all (self, self->answer);
  else
    hear (self, message, now_us);
}

/* ---- what we say ---- */

static void
say_joined (PealRelayClient *self)
{
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_JOINED, PEAL_RELAY_OWN_ID);

  joined->room = g_strdup (self->room);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  if (is_known (self))
    g_ptr_array_add (joined->members, make_peer (TRUE));
  peal_dialect_say (PEAL_DIALECT (self), joined);
}

static void
peal_relay_client_open (PealDialect *dialect, gint64 now_us)
{
  PealRelayClient *self = PEAL_RELAY_CLIENT (dialect);

  self->may_be_refused = TRUE;
  say_joined (self);
  if (!is_known (self))
    self->next_us = now_us + WAIT_US;
}

/* Our last answer is kept, for who has not heard it. */
static void
keep_answer (PealRelayClient *self, PealMessage *message)
{
  gboolean is_part = message->kind == PEAL_MESSAGE_CANDIDATE &&
      self->answer->len > 0 &&
      self->answer->len <= PEAL_CROSSING_MAX_CANDIDATES;

  if (message->kind != PEAL_MESSAGE_CANDIDATE)
    g_ptr_array_set_size (self->answer, 0);
  if (message->kind == PEAL_MESSAGE_ANSWER || is_part)
    g_ptr_array_add (self->answer, peal_message_ref (message));
}

/* With a session: the peer is given up, and another may come. Without one: we
 * hung up, and only the peer begins again. */
static void
send_bye (PealRelayClient *self, PealMessage *message, gint64 now_us)
{
  if (message->session)
    forget_peer (self, now_us + NEXT_US);
  else
    peal_foreign_peers_sent (self->peers, message, now_us);
}

static gboolean
peal_relay_client_send (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealRelayClient *self = PEAL_RELAY_CLIENT (dialect);

  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
    case PEAL_MESSAGE_ANSWER:
    case PEAL_MESSAGE_CANDIDATE:
      peal_foreign_peers_sent (self->peers, message, now_us);
      keep_answer (self, message);
      put (self, message);
      return TRUE;
    case PEAL_MESSAGE_RENEGOTIATE:
      peal_foreign_peers_offer_at (self->peers, PEAL_RELAY_PEER_ID, now_us);
      return TRUE;
    case PEAL_MESSAGE_BYE:
      if (message->peer_id)
        send_bye (self, message, now_us);
      return TRUE;
    default:
      return peal_error_set (error, PEAL_ERROR_USAGE,
          "a raw relay carries descriptions and candidates only");
  }
}

/* ---- time ---- */

static gint64
tick_own_offer (PealRelayClient *self, gint64 now_us)
{
  GPtrArray *ours = get_ours (self);
  PealCrossing *crossing;

  if (!ours || ours->len == 0)
    return G_MAXINT64;
  crossing = peal_foreign_peers_get_crossing (self->peers, PEAL_RELAY_PEER_ID);
  if (now_us >= peal_crossing_get_sent_us (crossing) + AGAIN_US) {
    put_all (self, ours);
    peal_crossing_sent_again (crossing, now_us);
  }
  return peal_crossing_get_sent_us (crossing) + AGAIN_US;
}

static gint64
peal_relay_client_tick (PealDialect *dialect, gint64 now_us)
{
  PealRelayClient *self = PEAL_RELAY_CLIENT (dialect);
  gint64 peers_us = peal_foreign_peers_tick (self->peers, now_us);
  gint64 again_us = tick_own_offer (self, now_us);

  if (now_us >= self->next_us)
    announce (self, FALSE);
  return MIN (MIN (self->next_us, again_us), peers_us);
}

static void
on_peer_says (gpointer data, PealMessage *message)
{
  peal_dialect_say (data, message);
}

static void
on_say_again (gpointer data, PealMessage *message)
{
  put (data, message);
}

static void
peal_relay_client_finalize (GObject *object)
{
  PealRelayClient *self = PEAL_RELAY_CLIENT (object);

  g_free (self->room);
  peal_foreign_peers_free (self->peers);
  g_clear_pointer (&self->answered, peal_message_unref);
  g_ptr_array_unref (self->answer);

  G_OBJECT_CLASS (peal_relay_client_parent_class)->finalize (object);
}

static void
peal_relay_client_class_init (PealRelayClientClass *klass)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peal_relay_client_finalize;
  dialect_class->open = peal_relay_client_open;
  dialect_class->receive = peal_relay_client_receive;
  dialect_class->send = peal_relay_client_send;
  dialect_class->tick = peal_relay_client_tick;
}

static void
peal_relay_client_init (PealRelayClient *self)
{
  static const PealForeignPeersSink sink = { on_peer_says, on_say_again };

  self->peers = peal_foreign_peers_new (&sink, self);
  self->answer =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  self->next_us = G_MAXINT64;
}

/**
 * peal_relay_client_new:
 * @room: what the user calls it; the protocol has no word for it
 * @previous: (nullable) (transfer none): the end of the connection before; its
 *   memory is taken over
 */
PealDialect *
peal_relay_client_new (const gchar *room, PealDialect *previous)
{
  PealRelayClient *self = previous
      ? g_object_ref (PEAL_RELAY_CLIENT (previous))
      : g_object_new (PEAL_TYPE_RELAY_CLIENT, NULL);

  g_free (self->room);
  self->room = g_strdup (room);
  return PEAL_DIALECT (self);
}
