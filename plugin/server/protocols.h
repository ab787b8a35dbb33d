/*
 * Where the server listens (protocols.md 3.1): which path speaks what. Pure.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

/**
 * PealProtocol:
 * @path: of the WebSocket
 * @has_room: whether `PATH/ROOM` is a path, too
 * @default_room: (nullable): the room where neither path nor client names one
 * @may_wait: whether a client may stay without joining; its dialect then says
 *   how long
 * @may_stay: whether a client that has said something may stay without being
 *   in a room
 * @new_dialect: makes the server's end
 */
typedef struct {
  const gchar *path;
  gboolean has_room;
  const gchar *default_room;
  gboolean may_wait;
  gboolean may_stay;
  PealServerDialectNew new_dialect;
} PealProtocol;

const PealProtocol *
peal_protocols_list (void);
const PealProtocol *
peal_protocols_find (const gchar *path, const gchar **room);

gchar *
peal_protocols_dup_paths (void);

G_END_DECLS
