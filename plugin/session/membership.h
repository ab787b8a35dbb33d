/*
 * PealMembership: who is in the room for us. A peer is listed by the room, or
 * unlisted (the room came back without it, but its connection stands, and it
 * may be coming back itself), or gone (lost for us, though the room may still
 * believe in it).
 *
 * Lives on the loop.
 */
#pragma once

#include "session/peer.h"

G_BEGIN_DECLS

typedef struct _PealMembership PealMembership;

PealMembership *
peal_membership_new (void);
void
peal_membership_free (PealMembership *self);
PealPeer *
peal_membership_find (PealMembership *self, const gchar *id);
void
peal_membership_add (PealMembership *self, PealPeer *peer);
PealPeer *
peal_membership_steal (PealMembership *self, const gchar *id);
GPtrArray *
peal_membership_list (PealMembership *self);
void
peal_membership_for_each (
    PealMembership *self, const gchar *id, void (*func) (PealPeer *peer));

void
peal_membership_unlist_all (PealMembership *self, gint64 now_us);
void
peal_membership_list_again (PealMembership *self, const gchar *id);
gboolean
peal_membership_is_unlisted (PealMembership *self, const gchar *id);
gboolean
peal_membership_is_overdue (
    PealMembership *self, const gchar *id, gint64 now_us);

void
peal_membership_remember (PealMembership *self, PealPeer *peer);
PealMember *
peal_membership_recall (PealMembership *self, const gchar *id);
void
peal_membership_forget (PealMembership *self, const gchar *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealMembership, peal_membership_free)

G_END_DECLS
