/*
 * What the server has counted, and the text Prometheus reads. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint64 n_connections;  /* WebSocket connections since the start */
  guint64 n_rejected;     /* of these, over the limit per address */
  guint64 n_dropped;      /* did not read, or did not answer pings */
  guint64 n_messages_in;  /* frames from clients */
  guint64 n_messages_out; /* frames to clients */
  guint64 n_bytes_in;
  guint64 n_bytes_out;
  guint64 n_errors; /* `error` messages sent */
  guint n_open;     /* connections now */
  guint n_rooms;    /* now */
  guint n_members;  /* now */
  guint n_detached; /* members now without a connection */
} PealMetrics;

gchar *
peal_metrics_to_text (const PealMetrics *self);

G_END_DECLS
