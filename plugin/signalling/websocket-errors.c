/*
 * Words for what can go wrong with a WebSocket connection. See
 * websocket-errors.h. Whatever the cause, the user gets one sentence that
 * names the server, and a code that says whether trying again can help.
 */
#include "signalling/websocket-errors.h"

#include <libsoup/soup.h>

#include "base/certificate-fingerprint.h"
#include "base/error.h"
#include "signalling/websocket.h"

static GError *
certificate_error (const PealWebsocketAttempt *attempt)
{
  g_autofree gchar *fingerprint =
      peal_certificate_fingerprint (attempt->certificate);
  const gchar *fault = "is not one that this machine trusts";
  const gchar *advice = "; if it is the right one, give it as tls-ca-file";

  if (attempt->problems &
      (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) {
    fault = "is out of date (or this machine's clock is wrong)";
    advice = "";
  } else if (attempt->problems & G_TLS_CERTIFICATE_REVOKED) {
    fault = "was revoked";
    advice = "";
  } else if (!(attempt->problems & G_TLS_CERTIFICATE_UNKNOWN_CA) &&
      attempt->problems & G_TLS_CERTIFICATE_BAD_IDENTITY) {
    fault = "is for another host name";
  }

  return g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
      "the TLS certificate of %s %s%s (SHA-256 fingerprint %s)",
      attempt->endpoint, fault, advice, fingerprint);
}

/* A proxy says 502 to 504 while the server behind it restarts. */
static gboolean
is_passing_status (guint status)
{
  return status >= 500 || status == SOUP_STATUS_REQUEST_TIMEOUT ||
      status == 429;
}

static GError *
status_error (const PealWebsocketAttempt *attempt)
{
  const gchar *phrase = soup_status_get_phrase (attempt->http_status);

  if (is_passing_status (attempt->http_status))
    return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
        "%s is not ready: HTTP status %u (%s)", attempt->endpoint,
        attempt->http_status, phrase);

  return g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
      "there is no signalling server at %s%s: HTTP status %u (%s)",
      attempt->endpoint, attempt->path, attempt->http_status, phrase);
}

static GError *
late_error (const PealWebsocketAttempt *attempt)
{
  gboolean is_tls_awaited =
      attempt->progress == G_SOCKET_CLIENT_TLS_HANDSHAKING;

  return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
      "cannot reach %s: no answer within %u s%s", attempt->endpoint,
      attempt->late_after_s,
      is_tls_awaited ? " (is it a ws:// server, not wss://?)" : "");
}

static const gchar *
reason_of (const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return "connection refused (is the server running?)";
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    return "no route to this host";
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return "no network";
  if (g_error_matches (cause, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return "no host of that name";

  return cause->message;
}

/**
 * peal_websocket_error_for_attempt:
 * @attempt: what is known
 * @cause: what libsoup said
 *
 * Returns: (transfer full): the error to show
 */
GError *
peal_websocket_error_for_attempt (
    const PealWebsocketAttempt *attempt, const GError *cause)
{
  if (attempt->certificate)
    return certificate_error (attempt);
  if (attempt->late_after_s)
    return late_error (attempt);
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS))
    return g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
        "%s does not speak TLS; is it a ws:// server?", attempt->endpoint);
  if (cause->domain == SOUP_WEBSOCKET_ERROR &&
      attempt->http_status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    return g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
        "%s%s is no signalling server: %s", attempt->endpoint, attempt->path,
        cause->message);
  if (cause->domain == SOUP_WEBSOCKET_ERROR && attempt->http_status)
    return status_error (attempt);

  if (!attempt->is_tls && attempt->progress == G_SOCKET_CLIENT_COMPLETE)
    return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
        "%s hung up without an answer (is it a wss:// server, not ws://?)",
        attempt->endpoint);

  return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY, "cannot reach %s: %s",
      attempt->endpoint, reason_of (cause));
}

/**
 * peal_websocket_error_for_close:
 * @code: the close code, 0 when there was none
 * @reason: (nullable): what the server said with it
 *
 * Returns: (transfer full): the error to show; worth a retry, unless the server
 *   wants a token or another room, which in some protocols it can say only like
 *   this
 */
GError *
peal_websocket_error_for_close (
    const gchar *endpoint, guint code, const gchar *reason)
{
  g_autofree gchar *printable =
      reason && *reason ? g_strescape (reason, NULL) : NULL;
  const gchar *what = "closed the connection";

  if (code == PEAL_WEBSOCKET_POLICY &&
      g_strcmp0 (reason, PEAL_WEBSOCKET_UNAUTHORIZED) == 0)
    return g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
        "%s does not let us in (the token is wrong or missing)", endpoint);
  if (code == PEAL_WEBSOCKET_POLICY &&
      g_strcmp0 (reason, PEAL_WEBSOCKET_BAD_ROOM) == 0)
    return g_error_new (PEAL_ERROR, PEAL_ERROR_REFUSED,
        "%s has no such room (" PEAL_WEBSOCKET_BAD_ROOM ")", endpoint);
  if (code == PEAL_WEBSOCKET_GOING_AWAY)
    what = "is going away";
  else if (code == PEAL_WEBSOCKET_TOO_LARGE)
    what = "found a message too large";
  else if (code == PEAL_WEBSOCKET_POLICY)
    what = "ended the connection";
  else if (code == 0 || code == SOUP_WEBSOCKET_CLOSE_ABNORMAL)
    return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY,
        "the connection to %s was lost", endpoint);

  return g_error_new (PEAL_ERROR, PEAL_ERROR_RETRY, "%s %s%s%s", endpoint, what,
      printable ? ": " : "", printable ? printable : "");
}
