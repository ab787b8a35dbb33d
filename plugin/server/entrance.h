/*
 * Where clients come in: the paths of the protocols, who may enter, and the
 * connections that are open.
 *
 * Thread: the server's.
 */
#pragma once

#include <libsoup/soup.h>

#include "server/room-connection.h"

G_BEGIN_DECLS

typedef struct _PealEntrance PealEntrance;

/* One has gone. Called on the server's thread, with no lock held. */
typedef void (*PealEntranceFunc) (gpointer data);

PealEntrance *
peal_entrance_new (PealRoomService *service, gboolean any_origin,
    PealEntranceFunc on_gone, gpointer data);
void
peal_entrance_free (PealEntrance *self);
void
peal_entrance_add_to (PealEntrance *self, SoupServer *soup);
void
peal_entrance_upgrade (PealEntrance *self, SoupServerMessage *message);
void
peal_entrance_take_in (PealEntrance *self, SoupServerMessage *message,
    PealTransport *transport, const PealRoomCaller *caller);
gboolean
peal_entrance_check_origin (PealEntrance *self, SoupServerMessage *message);
void
peal_entrance_shut_down (PealEntrance *self);
guint
peal_entrance_get_n_open (PealEntrance *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealEntrance, peal_entrance_free)

G_END_DECLS
