/*
 * PealClientTransport: a connection to a signalling server that carries text
 * both ways, from the first packet to the last. It does not reconnect: whoever
 * wants that makes a new one.
 *
 * Thread: belongs to the thread-default main context of the thread that made
 * it. Every method is called there and every signal fires there, with no lock
 * held; handlers may call back, close included.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PEAL_TYPE_CLIENT_TRANSPORT (peal_client_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (
    PealClientTransport, peal_client_transport, PEAL, CLIENT_TRANSPORT, GObject)

/**
 * PealClientTransportClass:
 * @connect: begins to connect, and returns at once; then `opened`, any number
 *   of `text` and one `closed`, or `closed` alone. Once only
 * @send_text: queues one frame of UTF-8. FALSE with RETRY when not open or too
 *   much waits already
 * @close: sends what waits, then closes; returns at once. No signal fires
 *   afterwards, and the caller's reference may be dropped. In any state
 */
struct _PealClientTransportClass {
  GObjectClass parent;

  void (*connect) (PealClientTransport *self);
  gboolean (*send_text) (
      PealClientTransport *self, const gchar *text, GError **error);
  void (*close) (PealClientTransport *self, guint code, const gchar *reason);
};

void
peal_client_transport_connect (PealClientTransport *self);
gboolean
peal_client_transport_send_text (
    PealClientTransport *self, const gchar *text, GError **error);
void
peal_client_transport_close (
    PealClientTransport *self, guint code, const gchar *reason);

/* ---- the subclass's side ---- */

void
peal_client_transport_emit_opened (PealClientTransport *self);
void
peal_client_transport_emit_text (PealClientTransport *self, GBytes *bytes);
void
peal_client_transport_emit_closed (
    PealClientTransport *self, guint code, const GError *error);

G_END_DECLS
