/*
 * How frames of text come from one client and go to it: a WebSocket, or an
 * Engine.IO session. Bounded in both directions: what a client does not read
 * and what it sends without end are not kept.
 *
 * Thread: the server's. The sink is called there, from the main context only,
 * never from inside a method; no lock is held, and it may drop the transport.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PealTransportSink:
 * @frame: a frame of text came; not necessarily ending in 0
 * @odd_frame: a frame came that is no text; @length bytes
 * @silent: the client does not answer pings. The owner closes
 * @flooded: the client sent without end, and was cut off; `closed` follows
 * @closed: nothing follows. @is_meant: the client meant to go
 *
 * What an owner hears. @data is the owner's.
 */
typedef struct {
  void (*frame) (gpointer data, const gchar *text, gsize length);
  void (*odd_frame) (gpointer data, gsize length);
  void (*silent) (gpointer data);
  void (*flooded) (gpointer data);
  void (*closed) (gpointer data, gboolean is_meant);
} PealTransportSink;

#define PEAL_TYPE_TRANSPORT (peal_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (
    PealTransport, peal_transport, PEAL, TRANSPORT, GObject)

/**
 * PealTransportClass:
 * @send: FALSE when more than the bound would wait
 * @drop_backlog: forgets what waits, for one who does not read
 * @close: gives out what waits and says goodbye; `closed` follows
 */
struct _PealTransportClass {
  GObjectClass parent;

  gboolean (*send) (PealTransport *self, const gchar *text);
  void (*drop_backlog) (PealTransport *self);
  void (*close) (PealTransport *self, guint code, const gchar *reason);
};

/* ---- the owner's side ---- */

void
peal_transport_set_sink (
    PealTransport *self, const PealTransportSink *sink, gpointer data);
gboolean
peal_transport_send (PealTransport *self, const gchar *text);
void
peal_transport_drop_backlog (PealTransport *self);
void
peal_transport_close (PealTransport *self, guint code, const gchar *reason);

/* ---- the subclass's side ---- */

void
peal_transport_take_frame (
    PealTransport *self, const gchar *text, gsize length);
void
peal_transport_take_odd_frame (PealTransport *self, gsize length);
void
peal_transport_note_silence (PealTransport *self);
void
peal_transport_note_flood (PealTransport *self);
void
peal_transport_note_closed (PealTransport *self, gboolean is_meant);

G_END_DECLS
