/*
 * A member of a room that is no pealbin: it says Peal rooms v1 by hand, well
 * or badly. Main thread, on the thread-default main context.
 */
#pragma once

#include "call-rig.h"
#include "room-client.h"

G_BEGIN_DECLS

typedef struct {
  RoomClient *client;
  gchar *target;  /* id of the member that it talks to */
  gchar *session; /* of the last offer heard, or NULL */
  gchar *sdp;     /* of the last offer or answer heard, or NULL */
  guint byes;     /* heard from the target */
  gchar *reason;  /* of the last one, or NULL */
} Stranger;

Stranger *
stranger_join (Room *room, const gchar *target_name, gboolean prefers_offering);
void
stranger_leave (Stranger *self);
gboolean
stranger_listen (Stranger *self, const gchar *type);
gboolean
stranger_is_connected (Stranger *self);
void
stranger_say (
    Stranger *self, const gchar *type, const gchar *session, const gchar *sdp);
void
stranger_say_candidate (
    Stranger *self, const gchar *session, const gchar *candidate, guint mline);

/* An offer of one picture and one sound that a pealbin answers. */
extern const gchar stranger_offer[];

gchar *
replace_text (const gchar *text, const gchar *from, const gchar *to);

G_END_DECLS
