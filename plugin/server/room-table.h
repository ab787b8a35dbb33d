/*
 * Who is in which room, and what passes between them. Knows members, not
 * sockets or protocols: a member is reached through its outlet. Pure: the
 * caller says what time it is.
 *
 * Thread: one at a time; the server's. Signals fire inside the method that
 * causes them, with no lock held; handlers must not call back.
 */
#pragma once

#include <glib-object.h>

#include "wire/message.h"

G_BEGIN_DECLS

/* protocols.md 1: within 30 s of a lost socket the same id is given back. */
#define PEAL_ROOM_TABLE_GRACE_US (30 * G_USEC_PER_SEC)

/**
 * PealRoomOutlet:
 * @deliver: gives the member one message, as the server says it (peer_id is
 *   the sender). Must not call into the table. FALSE: its protocol has no
 *   way to say that
 * @replace: another connection took the member over with its resume key; the
 *   outlet is not used any more. Must not call into the table
 *
 * How the table reaches a member, whatever protocol it speaks.
 */
typedef struct {
  gboolean (*deliver) (gpointer data, PealMessage *message);
  void (*replace) (gpointer data);
} PealRoomOutlet;

#define PEAL_TYPE_ROOM_TABLE (peal_room_table_get_type ())
G_DECLARE_FINAL_TYPE (PealRoomTable, peal_room_table, PEAL, ROOM_TABLE, GObject)

PealRoomTable *
peal_room_table_new (guint max_rooms, guint max_members, gint64 now_us);

PealMessage *
peal_room_table_join (PealRoomTable *self, const PealMessage *join,
    const gchar *fresh_key, const PealRoomOutlet *outlet, gpointer outlet_data,
    gint64 now_us, const gchar **error_code);
gboolean
peal_room_table_can_call (
    PealRoomTable *self, const gchar *room_name, const gchar *who);
void
peal_room_table_flush (PealRoomTable *self, const gchar *id);
gboolean
peal_room_table_relay (PealRoomTable *self, const gchar *id,
    const PealMessage *message, gint64 now_us, const gchar **error_code);
void
peal_room_table_leave (
    PealRoomTable *self, const gchar *id, const gchar *reason, gint64 now_us);
void
peal_room_table_detach (PealRoomTable *self, const gchar *id, gint64 now_us);
gint64
peal_room_table_expire (PealRoomTable *self, gint64 now_us);

guint
peal_room_table_get_n_rooms (PealRoomTable *self);
guint
peal_room_table_get_n_members (PealRoomTable *self);
guint
peal_room_table_get_n_detached (PealRoomTable *self);

G_END_DECLS
