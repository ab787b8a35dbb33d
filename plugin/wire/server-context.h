/*
 * What a server's dialect knows of the connection it is made for. Pure.
 */
#pragma once

#include "wire/dialect.h"

G_BEGIN_DECLS

/**
 * PealServerContext:
 * @room: (nullable): the room that the path names, unchecked. A JOIN without
 *   a room means it
 * @id: the id that the member will have, if its JOIN says keeps_id
 * @is_authorized: whether this token (nullable) opens the server's rooms, for
 *   protocols that answer before a room is named. The token of the query
 *   counts where none is given. Every JOIN is checked in any case
 * @can_call: whether somebody of this id or name is in the room @room, and not
 *   in a call that takes all it has; for protocols that ask before they join
 * @owner: handed to @is_authorized and @can_call
 *
 * Valid as long as the dialect.
 *
 * A server's dialect says what the member says: JOIN first; a BYE without
 * peer_id leaves the room; ERROR (code, text, peer_id nullable) when what came
 * is wrong: the owner counts it and gives it back by peal_dialect_send() to be
 * told. It is given JOINED, PEER_JOINED, PEER_LEFT, ERROR and what is relayed;
 * RENEGOTIATE asks it to offer.
 */
typedef struct {
  const gchar *room;
  const gchar *id;
  gboolean (*is_authorized) (gpointer owner, const gchar *token);
  gboolean (*can_call) (gpointer owner, const gchar *who);
  gpointer owner;
} PealServerContext;

/**
 * PealServerDialectNew:
 * @context: (transfer none): outlives the dialect
 *
 * Returns: (transfer full): a dialect, not opened
 */
typedef PealDialect *(*PealServerDialectNew) (const PealServerContext *context);

G_END_DECLS
