/*
 * The frames that wait for a WebSocket's client to read. libsoup has no
 * back-pressure: what it is given it keeps, without limit. So frames wait
 * here, bounded, and libsoup gets them in small lots as the socket takes them.
 *
 * Thread: the server's.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _PealOutgoingQueue PealOutgoingQueue;

PealOutgoingQueue *
peal_outgoing_queue_new (SoupWebsocketConnection *socket, gsize max_bytes);
void
peal_outgoing_queue_free (PealOutgoingQueue *self);
gboolean
peal_outgoing_queue_push (PealOutgoingQueue *self, const gchar *text);
void
peal_outgoing_queue_flush (PealOutgoingQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealOutgoingQueue, peal_outgoing_queue_free)

G_END_DECLS
