/*
 * What a Peal rooms URI means: where to connect, and as whom into which room.
 * Pure.
 *
 *   ws://host:8080/lobby?name=Ada&token=T   connect to /ws, room "lobby"
 *   ws://host/ws/lobby                      the same room
 *   wss://host/prefix/ws/lobby              connect to /prefix/ws
 *   wss://host/prefix/lobby                 connect to /prefix/ws
 *   ws://host, ws://host/ws                 room "lobby"
 */
#pragma once

#include "signalling/uri-split.h"

G_BEGIN_DECLS

#define PEAL_URI_DEFAULT_ROOM "lobby"

/**
 * PealUri:
 * @websocket: the address to connect to, without secrets
 * @endpoint: `HOST:PORT`, for messages to the user
 * @room: the room
 * @name: (nullable): the name others see
 * @token: (nullable): never logged
 */
typedef struct {
  gchar *websocket;
  gchar *endpoint;
  gchar *room;
  gchar *name;
  gchar *token;
} PealUri;

PealUri *
peal_uri_parse (const gchar *text, GError **error);
gboolean
peal_uri_override (PealUri *self, const gchar *room, const gchar *name,
    const gchar *token, GError **error);
void
peal_uri_free (PealUri *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealUri, peal_uri_free)

G_END_DECLS
