/*
 * Peers without anybody who tells them who offers. See foreign-peers.h. Pure.
 *
 * Whose offer counts when two cross: that of the side with the greater id; in
 * protocols without ids, of the greater number in `o=`. crossing.h says how
 * the other side finds out.
 */
#include "wire/foreign-peers.h"

#include "wire/session-names.h"

/* Chosen: what a crossing left behind has arrived by then. */
#define FRESH_US (G_USEC_PER_SEC / 2)
/* Chosen: a slow page has answered an offer that it heard once more. */
#define NEXT_ANSWER_US G_USEC_PER_SEC
/* Chosen: a page that has heard our offer has answered it mostly; one that
 * hears it twice is in no call for a while. */
#define AGAIN_US (G_USEC_PER_SEC / 4)

typedef struct {
  gchar *id;
  PealCrossing *crossing;
  gint64 offer_us;       /* when we are to offer, or G_MAXINT64 */
  gint64 again_us;       /* when to say our offer again, or G_MAXINT64 */
  gboolean is_answering; /* its offer was handed on, and is not answered */
  gboolean is_late;      /* that answer will mean nothing to it */
} Peer;

struct _PealForeignPeers {
  const PealForeignPeersSink *sink;
  gpointer data;
  gchar *own_id;     /* NULL: the protocol has no ids */
  GHashTable *peers; /* id -> Peer */
  PealSessionNames *names;
};

static void
peer_free (Peer *peer)
{
  g_free (peer->id);
  peal_crossing_free (peer->crossing);
  g_free (peer);
}

/**
 * peal_foreign_peers_new:
 * @sink: static
 * @data: for @sink
 */
PealForeignPeers *
peal_foreign_peers_new (const PealForeignPeersSink *sink, gpointer data)
{
  PealForeignPeers *self = g_new0 (PealForeignPeers, 1);

  self->sink = sink;
  self->data = data;
  self->peers = g_hash_table_new_full (
      g_str_hash, g_str_equal, NULL, (GDestroyNotify)peer_free);
  self->names = peal_session_names_new ();
  return self;
}

void
peal_foreign_peers_free (PealForeignPeers *self)
{
  g_hash_table_unref (self->peers);
  peal_session_names_free (self->names);
  g_free (self->own_id);
  g_free (self);
}

/**
 * peal_foreign_peers_set_own_id:
 * @own_id: (nullable): ours in the room; NULL where there are no ids
 */
void
peal_foreign_peers_set_own_id (PealForeignPeers *self, const gchar *own_id)
{
  g_free (self->own_id);
  self->own_id = g_strdup (own_id);
}

/**
 * peal_foreign_peers_add:
 * @offer_us: when we offer, if it has not; G_MAXINT64 is never
 *
 * Returns: whether @id is new; FALSE also when there are too many
 */
gboolean
peal_foreign_peers_add (
    PealForeignPeers *self, const gchar *id, gint64 offer_us)
{
  Peer *peer;

  if (g_hash_table_contains (self->peers, id) ||
      g_hash_table_size (self->peers) >= PEAL_FOREIGN_PEERS_MAX)
    return FALSE;

  peer = g_new0 (Peer, 1);
  peer->id = g_strdup (id);
  peer->crossing = peal_crossing_new ();
  peer->offer_us = offer_us;
  peer->again_us = G_MAXINT64;
  g_hash_table_insert (self->peers, peer->id, peer);
  return TRUE;
}

gboolean
peal_foreign_peers_has (PealForeignPeers *self, const gchar *id)
{
  return g_hash_table_contains (self->peers, id);
}

/**
 * peal_foreign_peers_get_only:
 *
 * Returns: (transfer none) (nullable): the id of the one peer there is; NULL
 *   when there are more, or none
 */
const gchar *
peal_foreign_peers_get_only (PealForeignPeers *self)
{
  GHashTableIter iter;
  gpointer id = NULL;

  if (g_hash_table_size (self->peers) != 1)
    return NULL;
  g_hash_table_iter_init (&iter, self->peers);
  g_hash_table_iter_next (&iter, &id, NULL);
  return id;
}

/**
 * peal_foreign_peers_get_crossing:
 *
 * Returns: (transfer none) (nullable): what is on the way to @id
 */
PealCrossing *
peal_foreign_peers_get_crossing (PealForeignPeers *self, const gchar *id)
{
  Peer *peer = g_hash_table_lookup (self->peers, id);

  return peer ? peer->crossing : NULL;
}

gboolean
peal_foreign_peers_remove (PealForeignPeers *self, const gchar *id)
{
  peal_session_names_forget (self->names, id);
  return g_hash_table_remove (self->peers, id);
}

/**
 * peal_foreign_peers_offer_at:
 * @offer_us: when we are to offer
 */
void
peal_foreign_peers_offer_at (
    PealForeignPeers *self, const gchar *id, gint64 offer_us)
{
  Peer *peer = g_hash_table_lookup (self->peers, id);

  if (peer)
    peer->offer_us = offer_us;
}

/* ---- what they say ---- */

static void
pass (PealForeignPeers *self, Peer *peer, PealMessage *message)
{
  g_autoptr (GPtrArray) said = peal_session_names_heard (self->names, message);

  if (message->kind == PEAL_MESSAGE_OFFER) {
    peer->offer_us = G_MAXINT64;
    peer->is_answering = TRUE;
  }
  for (guint i = 0; i < said->len; i++)
    self->sink->say (self->data, g_ptr_array_index (said, i));
}

static void
pass_all (PealForeignPeers *self, Peer *peer, GPtrArray *messages)
{
  for (guint i = 0; messages && i < messages->len; i++)
    pass (self, peer, g_ptr_array_index (messages, i));
}

static gboolean
is_smaller (PealForeignPeers *self, Peer *peer, PealMessage *message)
{
  GPtrArray *ours = peal_crossing_get_ours (peer->crossing);
  g_autofree gchar *own = NULL;
  g_autofree gchar *theirs = NULL;

  if (message->kind != PEAL_MESSAGE_OFFER || ours->len == 0)
    return FALSE;
  if (self->own_id)
    return g_strcmp0 (self->own_id, peer->id) < 0;
  own = peal_sdp_origin (((PealMessage *)g_ptr_array_index (ours, 0))->sdp);
  theirs = peal_sdp_origin (message->sdp);
  return peal_sdp_origin_compare (own, theirs) < 0;
}

static void
say_again (PealForeignPeers *self, Peer *peer, gint64 now_us)
{
  GPtrArray *ours = peal_crossing_get_ours (peer->crossing);

  peer->again_us = G_MAXINT64;
  if (ours->len == 0)
    return;
  for (guint i = 0; i < ours->len; i++)
    self->sink->put (self->data, g_ptr_array_index (ours, i));
  peal_crossing_sent_again (peer->crossing, now_us);
}

/* The peer is in a session that we are not in, so we offer anew; but not while
 * its own offer is being answered, nor before it has answered as often as it
 * heard us, since nothing tells which offer an answer is for. */
static void
be_late (Peer *peer, gint64 now_us)
{
  peer->is_late = peer->is_answering;
  if (peer->is_late)
    return;
  peer->offer_us = now_us +
      (peal_crossing_awaits_answer (peer->crossing) ? NEXT_ANSWER_US
                                                    : FRESH_US);
}

/**
 * peal_foreign_peers_heard:
 * @message: an offer, answer or candidate from a peer that was added
 *
 * May call the sink.
 */
void
peal_foreign_peers_heard (
    PealForeignPeers *self, PealMessage *message, gint64 now_us)
{
  Peer *peer = g_hash_table_lookup (self->peers, message->peer_id);

  if (!peer)
    return;
  switch (peal_crossing_heard (
      peer->crossing, message, is_smaller (self, peer, message), now_us)) {
    case PEAL_CROSSING_PASS:
      pass (self, peer, message);
      break;
    case PEAL_CROSSING_WIN:
      if (!self->own_id)
        peer->again_us = now_us + AGAIN_US;
      break;
    case PEAL_CROSSING_LATE:
      be_late (peer, now_us);
      break;
    case PEAL_CROSSING_HOLD:
    case PEAL_CROSSING_DROP:
    default:
      break;
  }
}

/**
 * peal_foreign_peers_sent:
 * @message: an offer, answer, candidate or bye of ours to its peer
 */
void
peal_foreign_peers_sent (
    PealForeignPeers *self, PealMessage *message, gint64 now_us)
{
  Peer *peer = g_hash_table_lookup (self->peers, message->peer_id);

  if (!peer)
    return;
  if (message->kind == PEAL_MESSAGE_BYE) {
    peal_crossing_reset (peer->crossing);
    peer->offer_us = G_MAXINT64;
    return;
  }
  peal_session_names_sent (self->names, message);
  peal_crossing_sent (peer->crossing, message, now_us);
  if (message->kind == PEAL_MESSAGE_CANDIDATE)
    return;
  peer->is_answering = FALSE;
  peer->again_us = G_MAXINT64;
  peer->offer_us = message->kind == PEAL_MESSAGE_ANSWER && peer->is_late
      ? now_us + FRESH_US
      : G_MAXINT64;
  peer->is_late = FALSE;
}

/* ---- time ---- */

static gint64
tick_peer (PealForeignPeers *self, Peer *peer, gint64 now_us)
{
  g_autoptr (GPtrArray) due = peal_crossing_take_due (peer->crossing, now_us);
  g_autoptr (PealMessage) ask = NULL;

  pass_all (self, peer, due);
  if (now_us >= peer->again_us)
    say_again (self, peer, now_us);
  if (now_us >= peer->offer_us) {
    peer->offer_us = G_MAXINT64;
    ask = peal_message_new (PEAL_MESSAGE_RENEGOTIATE, peer->id);
    self->sink->say (self->data, ask);
  }
  return MIN (MIN (peer->offer_us, peer->again_us),
      peal_crossing_get_due_us (peer->crossing));
}

/**
 * peal_foreign_peers_tick:
 *
 * Says what is due: an offer that was held, or that we are to offer
 * (RENEGOTIATE from the peer).
 *
 * Returns: when to be called again, or G_MAXINT64
 */
gint64
peal_foreign_peers_tick (PealForeignPeers *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer peer;
  gint64 next_us = G_MAXINT64;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    next_us = MIN (next_us, tick_peer (self, peer, now_us));
  return next_us;
}
