/*
 * PealEngineioPolling: the client's end of Engine.IO over HTTP long-polling:
 * one GET is always held open for what comes, one POST at a time carries what
 * goes. Used by PealEngineioTransport alone, on its thread.
 */
#pragma once

#include <gio/gio.h>

#include "wire/engineio.h"

G_BEGIN_DECLS

/**
 * PealEngineioPollingSink:
 * @packet: (transfer none): one packet came
 * @paused: nothing is under way any more, after peal_engineio_polling_pause()
 * @failed: the last: in words for the user
 */
typedef struct {
  void (*packet) (gpointer data, PealEngineioPacket *packet);
  void (*paused) (gpointer data);
  void (*failed) (gpointer data, const GError *error);
} PealEngineioPollingSink;

#define PEAL_TYPE_ENGINEIO_POLLING (peal_engineio_polling_get_type ())
G_DECLARE_FINAL_TYPE (
    PealEngineioPolling, peal_engineio_polling, PEAL, ENGINEIO_POLLING, GObject)

PealEngineioPolling *
peal_engineio_polling_new (const gchar *uri, const gchar *tls_ca_file,
    const PealEngineioPollingSink *sink, gpointer data);
void
peal_engineio_polling_start (PealEngineioPolling *self);
void
peal_engineio_polling_set_handshake (
    PealEngineioPolling *self, const PealEngineioHandshake *handshake);
gboolean
peal_engineio_polling_send (
    PealEngineioPolling *self, PealEngineioType type, const gchar *text);
void
peal_engineio_polling_pause (PealEngineioPolling *self);
void
peal_engineio_polling_close (PealEngineioPolling *self, gboolean is_told);

G_END_DECLS
