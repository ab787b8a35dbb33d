/*
 * Notices a client that sends a message without end. libsoup before 3.8
 * limits the size of a frame, not of a message in many frames, and keeps all
 * of them.
 *
 * Thread: the server's.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _PealInputWatch PealInputWatch;

typedef void (*PealInputWatchFunc) (gpointer data);

PealInputWatch *
peal_input_watch_new (SoupWebsocketConnection *socket, gsize max_bytes,
    PealInputWatchFunc func, gpointer data);
void
peal_input_watch_free (PealInputWatch *self);
void
peal_input_watch_note_message (PealInputWatch *self);

G_END_DECLS
