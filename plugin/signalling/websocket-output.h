/*
 * PealWebsocketOutput: the bounded queue in front of a libsoup connection.
 * Used by PealWebsocket alone, on its thread.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Chosen: a minute of a busy room's signalling; more means a stuck server. */
#define PEAL_WEBSOCKET_MAX_QUEUED_BYTES (1024 * 1024)
#define PEAL_WEBSOCKET_MAX_QUEUED_FRAMES 512

typedef struct _PealWebsocketOutput PealWebsocketOutput;

PealWebsocketOutput *
peal_websocket_output_new (
    SoupWebsocketConnection *connection, GMainContext *context);
void
peal_websocket_output_free (PealWebsocketOutput *self);
gboolean
peal_websocket_output_push (PealWebsocketOutput *self, const gchar *text);
void
peal_websocket_output_flush (PealWebsocketOutput *self);

G_END_DECLS
