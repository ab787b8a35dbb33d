/*
 * The peers of a client in a room whose protocol leaves to the clients who
 * offers and what happens when offers cross: names for their sessions,
 * crossing offers, and when we offer although somebody else was expected to.
 * Pure: called by the dialects of such protocols.
 */
#pragma once

#include "wire/crossing.h"

G_BEGIN_DECLS

/* Chosen: as many as a room may have, twice. */
#define PEAL_FOREIGN_PEERS_MAX 512

/**
 * PealForeignPeersSink:
 * @say: (transfer none): a peer means this
 * @put: (transfer none): say this to a peer once more
 */
typedef struct {
  void (*say) (gpointer data, PealMessage *message);
  void (*put) (gpointer data, PealMessage *message);
} PealForeignPeersSink;

typedef struct _PealForeignPeers PealForeignPeers;

PealForeignPeers *
peal_foreign_peers_new (const PealForeignPeersSink *sink, gpointer data);
void
peal_foreign_peers_free (PealForeignPeers *self);
void
peal_foreign_peers_set_own_id (PealForeignPeers *self, const gchar *own_id);

gboolean
peal_foreign_peers_add (
    PealForeignPeers *self, const gchar *id, gint64 offer_us);
gboolean
peal_foreign_peers_has (PealForeignPeers *self, const gchar *id);
const gchar *
peal_foreign_peers_get_only (PealForeignPeers *self);
PealCrossing *
peal_foreign_peers_get_crossing (PealForeignPeers *self, const gchar *id);
gboolean
peal_foreign_peers_remove (PealForeignPeers *self, const gchar *id);
void
peal_foreign_peers_offer_at (
    PealForeignPeers *self, const gchar *id, gint64 offer_us);

void
peal_foreign_peers_heard (
    PealForeignPeers *self, PealMessage *message, gint64 now_us);
void
peal_foreign_peers_sent (
    PealForeignPeers *self, PealMessage *message, gint64 now_us);
gint64
peal_foreign_peers_tick (PealForeignPeers *self, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealForeignPeers, peal_foreign_peers_free)

G_END_DECLS
