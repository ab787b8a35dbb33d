/*
 * The packets that wait to be polled by an Engine.IO client; bounded. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All zero is empty. */
typedef struct {
  GQueue packets; /* of gchar */
  gsize n_bytes;
} PealEngineioBacklog;

gboolean
peal_engineio_backlog_push (
    PealEngineioBacklog *self, gchar *packet, gsize max_bytes);
gchar *
peal_engineio_backlog_pop (PealEngineioBacklog *self);
gchar *
peal_engineio_backlog_take_all (PealEngineioBacklog *self);
gboolean
peal_engineio_backlog_is_empty (const PealEngineioBacklog *self);
void
peal_engineio_backlog_clear (PealEngineioBacklog *self);

G_END_DECLS
