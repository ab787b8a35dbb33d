/*
 * PealLoopbackRoom: a room inside this process, for tests: what a room server
 * does, without socket or server. Members are on main contexts of their own.
 *
 * Thread: any.
 */
#pragma once

#include <gio/gio.h>

#include "wire/message.h"

G_BEGIN_DECLS

typedef struct _PealLoopbackRoom PealLoopbackRoom;

/**
 * PealLoopbackHeard:
 * @member: the object that entered
 * @connection: the number it entered with
 * @message: what the room says; NULL when the connection was cut
 *
 * Called on the member's context, with no lock held.
 */
typedef void (*PealLoopbackHeard) (
    GObject *member, guint connection, PealMessage *message);

PealLoopbackRoom *
peal_loopback_room_new (const gchar *token, guint max_members);
PealLoopbackRoom *
peal_loopback_room_ref (PealLoopbackRoom *self);
void
peal_loopback_room_unref (PealLoopbackRoom *self);

void
peal_loopback_room_enter (PealLoopbackRoom *self, PealMessage *join,
    GObject *member, guint connection, PealLoopbackHeard heard);
void
peal_loopback_room_say (
    PealLoopbackRoom *self, const gchar *from, PealMessage *message);
void
peal_loopback_room_leave (PealLoopbackRoom *self, const gchar *id);

void
peal_loopback_room_cut (PealLoopbackRoom *self, const gchar *id);
void
peal_loopback_room_restart (PealLoopbackRoom *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealLoopbackRoom, peal_loopback_room_unref)

G_END_DECLS
