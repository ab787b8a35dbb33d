/*
 * Words for what can go wrong with a WebSocket connection. Used by
 * PealWebsocket alone. Any thread; no state.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PealWebsocketAttempt:
 * @endpoint: `HOST:PORT`
 * @path: the path that was asked for
 * @late_after_s: the time limit in seconds, if it has passed; else 0
 * @is_tls: a `wss:` address
 * @progress: how far the connection came
 * @http_status: the server's HTTP status, 0 when none came
 * @certificate: (nullable): the certificate that was not accepted
 * @problems: what is wrong with @certificate
 *
 * What is known about an attempt that failed. Borrowed.
 */
typedef struct {
  const gchar *endpoint;
  const gchar *path;
  guint late_after_s;
  gboolean is_tls;
  GSocketClientEvent progress;
  guint http_status;
  GTlsCertificate *certificate;
  GTlsCertificateFlags problems;
} PealWebsocketAttempt;

GError *
peal_websocket_error_for_attempt (
    const PealWebsocketAttempt *attempt, const GError *cause);
GError *
peal_websocket_error_for_close (
    const gchar *endpoint, guint code, const gchar *reason);

G_END_DECLS
