/*
 * What the two halves of the Socket.IO server's dialect share: what a client
 * says (socketio-server.c) and what it is told (socketio-server-tell.c). Pure.
 */
#pragma once

#include "wire/session-names.h"
#include "wire/socketio-profiles.h"
#include "wire/socketio-server.h"
#include "wire/socketio.h"

G_BEGIN_DECLS

struct _PealSocketioServer {
  PealDialect parent;
  const PealServerContext *context;
  PealProfile profile;
  gint64 deadline_us;    /* for CONNECT; G_MAXINT64: none */
  gboolean is_connected; /* to the namespace */
  gchar *token;          /* of CONNECT; never logged */
  gchar *room;           /* as the client spells it; NULL: in none */
  gboolean is_joining;   /* JOIN was said, and is not answered yet */
  gint ack_id;           /* that waits for it */
  gboolean is_first;     /* of the two in a room for two */
  gboolean is_ready;     /* for two: it has said that it can be called */
  GPtrArray *held;       /* of PealMessage: what comes before that */
  GHashTable *others;    /* id -> how it was told: GINT of Told */
  PealSessionNames *names;
};

void
peal_socketio_server_put (PealSocketioServer *self, PealSocketioType type,
    gint ack_id, JsonNode *data);
void
peal_socketio_server_welcome (PealSocketioServer *self, PealMessage *joined);
void
peal_socketio_server_become_ready (PealSocketioServer *self);
gboolean
peal_socketio_server_tell (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error);

G_END_DECLS
