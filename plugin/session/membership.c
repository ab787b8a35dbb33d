/*
 * Who is in the room for us. See membership.h. Called by the session.
 */
#include "session/membership.h"

/* protocols.md 1: for 30 s anybody may resume; and twice what the longest pause
 * between two tries to reconnect is (base/backoff.h). */
#define UNLISTED_LIMIT_US (30 * G_USEC_PER_SEC)

struct _PealMembership {
  GHashTable *peers;     /* id -> PealPeer */
  GHashTable *unlisted;  /* set of ids */
  gint64 unlisted_us;    /* since when, monotonic */
  gboolean has_newcomer; /* since then */
  GHashTable *gone;      /* id -> PealMember */
};

PealMembership *
peal_membership_new (void)
{
  PealMembership *self = g_new0 (PealMembership, 1);

  self->peers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->unlisted =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->gone = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)peal_member_free);

  return self;
}

void
peal_membership_free (PealMembership *self)
{
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->unlisted);
  g_hash_table_unref (self->gone);
  g_free (self);
}

/**
 * peal_membership_find:
 *
 * Returns: (transfer none) (nullable): the peer of that id
 */
PealPeer *
peal_membership_find (PealMembership *self, const gchar *id)
{
  return id ? g_hash_table_lookup (self->peers, id) : NULL;
}

/**
 * peal_membership_add:
 * @peer: (transfer full): a new one
 */
void
peal_membership_add (PealMembership *self, PealPeer *peer)
{
  if (!g_hash_table_remove (self->gone, peal_peer_get_id (peer)))
    self->has_newcomer = TRUE;
  g_hash_table_insert (self->peers, g_strdup (peal_peer_get_id (peer)), peer);
}

/**
 * peal_membership_steal:
 *
 * Returns: (transfer full) (nullable): the peer, which is no member any more
 */
PealPeer *
peal_membership_steal (PealMembership *self, const gchar *id)
{
  gpointer key = NULL;
  gpointer peer = NULL;

  g_hash_table_remove (self->unlisted, id);
  if (g_hash_table_steal_extended (self->peers, id, &key, &peer))
    g_free (key);

  return peer;
}

/**
 * peal_membership_list:
 *
 * Returns: (transfer full) (element-type PealPeer): a snapshot
 */
GPtrArray *
peal_membership_list (PealMembership *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    g_ptr_array_add (list, g_object_ref (peer));

  return list;
}

/**
 * peal_membership_for_each:
 * @id: (nullable): of one peer only, or NULL for all
 * @func: may add and drop peers
 */
void
peal_membership_for_each (
    PealMembership *self, const gchar *id, void (*func) (PealPeer *peer))
{
  g_autoptr (GPtrArray) peers = peal_membership_list (self);

  for (guint i = 0; i < peers->len; i++) {
    PealPeer *peer = g_ptr_array_index (peers, i);

    if (!id || g_str_equal (id, peal_peer_get_id (peer)))
      func (peer);
  }
}

/**
 * peal_membership_unlist_all:
 * @now_us: monotonic time
 *
 * The room is about to say anew who is in it; who is not is waited for anew.
 */
void
peal_membership_unlist_all (PealMembership *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer id;

  self->unlisted_us = now_us;
  self->has_newcomer = FALSE;
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (self->unlisted, g_strdup (id));
}

void
peal_membership_list_again (PealMembership *self, const gchar *id)
{
  g_hash_table_remove (self->unlisted, id);
}

gboolean
peal_membership_is_unlisted (PealMembership *self, const gchar *id)
{
  return g_hash_table_contains (self->unlisted, id);
}

/**
 * peal_membership_is_overdue:
 * @now_us: monotonic time
 *
 * Not every protocol says who is in the room: without a newcomer, who is not
 * listed may be there all the same.
 *
 * Returns: whether it has been unlisted for longer than anybody takes to come
 *   back, and somebody came who may be it, under another id
 */
gboolean
peal_membership_is_overdue (
    PealMembership *self, const gchar *id, gint64 now_us)
{
  return self->has_newcomer && peal_membership_is_unlisted (self, id) &&
      now_us - self->unlisted_us >= UNLISTED_LIMIT_US;
}

/**
 * peal_membership_remember:
 *
 * @peer is lost for us: keeps what brings it back.
 */
void
peal_membership_remember (PealMembership *self, PealPeer *peer)
{
  const gchar *id = peal_peer_get_id (peer);

  g_hash_table_insert (self->gone, g_strdup (id),
      peal_member_new (id, peal_peer_get_name (peer), NULL, TRUE));
}

/**
 * peal_membership_recall:
 *
 * Returns: (transfer full) (nullable): the member that was remembered
 */
PealMember *
peal_membership_recall (PealMembership *self, const gchar *id)
{
  PealMember *member = g_hash_table_lookup (self->gone, id);

  return member ? peal_member_copy (member) : NULL;
}

/**
 * peal_membership_forget:
 *
 * The room says that it left.
 */
void
peal_membership_forget (PealMembership *self, const gchar *id)
{
  g_hash_table_remove (self->gone, id);
}
