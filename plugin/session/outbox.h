/*
 * PealOutbox: which way a message to one peer goes, so that they arrive in the
 * order in which they were sent. Pure.
 *
 * While a connection is being made, messages wait for its data channel: what
 * went through the room before the connection's own words (offer, answer) is
 * in front of them and arrives first, and what goes over the channel arrives
 * after. When the channel does not come, they go through the room; when it
 * comes after all, it is used once that has settled.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chosen: what a person may say, or a device report, in the time below. Less
 * than a channel takes at once. */
#define PEAL_OUTBOX_MAX_ITEMS 1024
#define PEAL_OUTBOX_MAX_BYTES (512 * 1024)
/* Chosen: connections that come about take less; a person would ask. */
#define PEAL_OUTBOX_WAIT_US (5 * G_USEC_PER_SEC)
/* Chosen: what went through the room has arrived by then. */
#define PEAL_OUTBOX_SETTLE_US G_USEC_PER_SEC

/**
 * PealRoute:
 * @PEAL_ROUTE_ROOM: as a `message` of the room
 * @PEAL_ROUTE_CHANNEL: over the data channel
 * @PEAL_ROUTE_WAIT: to be kept until one of the others holds
 */
typedef enum {
  PEAL_ROUTE_ROOM,
  PEAL_ROUTE_CHANNEL,
  PEAL_ROUTE_WAIT,
} PealRoute;

/**
 * PealOutbox:
 *
 * A value; its fields are private.
 */
typedef struct {
  PealRoute route;
  gint64 since_us;
  gint64 room_us; /* last word through the room after we had waited, or 0 */
  GQueue kept;    /* of gchar* */
  gsize bytes;
} PealOutbox;

void
peal_outbox_init (PealOutbox *self);
void
peal_outbox_clear (PealOutbox *self);
void
peal_outbox_set_route (PealOutbox *self, PealRoute route, gint64 now_us);
gboolean
peal_outbox_is_overdue (const PealOutbox *self, gint64 now_us);
void
peal_outbox_begin (PealOutbox *self);
void
peal_outbox_note_room (PealOutbox *self, gint64 now_us);
gboolean
peal_outbox_is_settled (const PealOutbox *self, gint64 now_us);
PealRoute
peal_outbox_get_route (const PealOutbox *self);
gboolean
peal_outbox_keep (PealOutbox *self, const gchar *text, GError **error);
gchar *
peal_outbox_pop (PealOutbox *self);

G_END_DECLS
