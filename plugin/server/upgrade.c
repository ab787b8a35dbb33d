/*
 * From HTTP to a WebSocket. See upgrade.h. Called by the entrance and by the
 * Engine.IO server when a request has come.
 */
#include "server/upgrade.h"

typedef struct {
  PealUpgradeFunc func;
  gpointer data;
} Upgrade;

/* The 101 is written. */
static void
on_answered (SoupServerMessage *message, Upgrade *upgrade)
{
  g_autoptr (SoupServerMessage) held = g_object_ref (message);
  Upgrade now = *upgrade;

  g_signal_handlers_disconnect_by_func (message, on_answered, upgrade);
  now.func (message, soup_server_message_steal_connection (message), now.data);
}

static void
free_upgrade (gpointer upgrade, GClosure *closure)
{
  g_free (upgrade);
}

/**
 * peal_upgrade:
 * @func: called with the connection, if the handshake is right; otherwise
 *   @message is answered with 400
 * @data: for @func; must outlive the request
 *
 * No protocols are named to libsoup: it would refuse a client that asks for
 * another one only, and the subprotocol is optional. Nor are extensions:
 * compressed frames could unpack to any size.
 */
void
peal_upgrade (SoupServerMessage *message, PealUpgradeFunc func, gpointer data)
{
  Upgrade *upgrade;

  if (!soup_websocket_server_process_handshake (
          message, NULL, NULL, NULL, NULL))
    return;
  upgrade = g_new0 (Upgrade, 1);
  upgrade->func = func;
  upgrade->data = data;
  g_signal_connect_data (message, "wrote-informational",
      G_CALLBACK (on_answered), upgrade, free_upgrade, 0);
}

/**
 * peal_upgrade_is_wanted:
 *
 * Returns: whether the request asks for a WebSocket
 */
gboolean
peal_upgrade_is_wanted (SoupServerMessage *message)
{
  return soup_message_headers_header_contains (
      soup_server_message_get_request_headers (message), "Upgrade",
      "websocket");
}
