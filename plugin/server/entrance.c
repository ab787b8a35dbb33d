/*
 * Where clients come in. See entrance.h.
 *
 * Called by libsoup; makes a transport and a room connection for each client,
 * by the table of protocols. Owned by the server.
 */
#include "server/entrance.h"

#include <gst/gst.h>

#include "server/client-address.h"
#include "server/http-answer.h"
#include "server/origin.h"
#include "server/protocols.h"
#include "server/upgrade.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

struct _PealEntrance {
  PealRoomService *service;
  gboolean any_origin;
  PealEntranceFunc on_gone;
  gpointer data;
  PealThrottle *connections;
  GHashTable *open;    /* set of PealRoomConnection */
  guint n_connections; /* for the keys of clients of this machine */
};

static void
on_connection_closed (PealRoomConnection *connection, PealEntrance *self)
{
  g_hash_table_remove (self->open, connection);
  self->on_gone (self->data);
}

static void
adopt (PealEntrance *self, PealRoomConnection *connection, gboolean is_welcome)
{
  g_signal_connect (
      connection, "closed", G_CALLBACK (on_connection_closed), self);
  g_hash_table_add (self->open, connection);
  self->service->metrics.n_connections++;
  if (is_welcome) {
    peal_room_connection_open (connection);
    return;
  }
  self->service->metrics.n_rejected++;
  peal_room_connection_reject (connection);
}

/**
 * peal_entrance_take_in:
 * @message: what the client came with
 * @transport: (transfer none): open
 * @caller: its throttle_key is not read
 *
 * Takes a client in, or turns it away when its address comes too often.
 */
void
peal_entrance_take_in (PealEntrance *self, SoupServerMessage *message,
    PealTransport *transport, const PealRoomCaller *caller)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  gboolean is_counted = !peal_client_address_is_loopback (address) ||
      self->service->limits.limits_loopback;
  g_autofree gchar *key = is_counted
      ? peal_client_address_to_key (address)
      : g_strdup_printf ("local-%u", self->n_connections++);
  gboolean is_welcome = !is_counted ||
      peal_throttle_take (self->connections, key, g_get_monotonic_time ());
  PealRoomCaller counted = *caller;

  GST_DEBUG ("connection from %s", key);
  counted.throttle_key = key;
  adopt (self, peal_room_connection_new (self->service, transport, &counted),
      is_welcome);
}

static GHashTable *
parse_query (SoupServerMessage *message)
{
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));

  return soup_form_decode (query ? query : "");
}

static void
on_upgraded (SoupServerMessage *message, GIOStream *stream, gpointer data)
{
  PealEntrance *self = data;
  const gchar *path = g_uri_get_path (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = parse_query (message);
  g_autoptr (PealTransport) transport =
      peal_websocket_transport_new (stream, &self->service->websockets);
  PealRoomCaller caller = { .token = g_hash_table_lookup (query, "token") };

  caller.protocol = peal_protocols_find (path, &caller.room);
  peal_entrance_take_in (self, message, transport, &caller);
}

/**
 * peal_entrance_upgrade:
 * @message: a request whose path is a protocol's
 *
 * Lets it in as a WebSocket, once the handshake is done.
 */
void
peal_entrance_upgrade (PealEntrance *self, SoupServerMessage *message)
{
  peal_upgrade (message, on_upgraded, self);
}

static void
on_request (SoupServer *soup, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  peal_entrance_upgrade (data, message);
}

static void
refuse (SoupServerMessage *message, guint status, const gchar *why)
{
  peal_http_answer (message, status, PEAL_HTTP_ANSWER_PLAIN, why);
}

/**
 * peal_entrance_check_origin:
 *
 * Pages of other sites are sent away, unless they need a token anyway.
 *
 * Returns: whether the client may come in; otherwise @message is answered
 */
gboolean
peal_entrance_check_origin (PealEntrance *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_request_headers (message);
  const gchar *origin = soup_message_headers_get_one (headers, "Origin");

  if (self->any_origin || self->service->token ||
      peal_origin_is_same (
          origin, soup_message_headers_get_one (headers, "Host")))
    return TRUE;
  GST_INFO ("refused a page of another site: %s", origin);
  refuse (message, SOUP_STATUS_FORBIDDEN,
      "Pages of other sites need --any-origin or a token here.\n");
  return FALSE;
}

static void
refuse_path (SoupServerMessage *message)
{
  g_autofree gchar *paths = peal_protocols_dup_paths ();
  g_autofree gchar *text = g_strdup_printf (
      "No WebSocket here. There are: %s, /socket.io/\n", paths);

  refuse (message, SOUP_STATUS_NOT_FOUND, text);
}

/* Before the WebSocket handshake. A path may have pages as well. */
static void
on_early (SoupServer *soup, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  const gchar *room = NULL;

  if (!peal_upgrade_is_wanted (message))
    return;
  if (peal_protocols_find (path, &room))
    peal_entrance_check_origin (data, message);
  else
    refuse_path (message);
}

/**
 * peal_entrance_new:
 * @service: (transfer none): outlives the entrance
 * @any_origin: whether pages of other sites may come in
 * @on_gone: called after each connection that ends by itself
 */
PealEntrance *
peal_entrance_new (PealRoomService *service, gboolean any_origin,
    PealEntranceFunc on_gone, gpointer data)
{
  PealEntrance *self = g_new0 (PealEntrance, 1);

  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-entrance", 0,
      "where clients of the Peal server come in");
  self->service = service;
  self->any_origin = any_origin;
  self->on_gone = on_gone;
  self->data = data;
  self->connections = peal_throttle_new (
      service->limits.connection_burst, service->limits.connections_per_second);
  self->open = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  return self;
}

void
peal_entrance_free (PealEntrance *self)
{
  peal_entrance_shut_down (self);
  g_hash_table_unref (self->open);
  peal_throttle_free (self->connections);
  g_free (self);
}

/**
 * peal_entrance_add_to:
 * @soup: must not call any more when the entrance is freed
 *
 * `/` stays the caller's, for it is a page's path, too: requests for a
 * WebSocket there go to peal_entrance_upgrade().
 */
void
peal_entrance_add_to (PealEntrance *self, SoupServer *soup)
{
  for (const PealProtocol *each = peal_protocols_list (); each->path; each++) {
    soup_server_add_early_handler (soup, each->path, on_early, self, NULL);
    if (!g_str_equal (each->path, "/"))
      soup_server_add_handler (soup, each->path, on_request, self, NULL);
  }
}

/**
 * peal_entrance_shut_down:
 *
 * Tells every client that the server goes away, and forgets it.
 */
void
peal_entrance_shut_down (PealEntrance *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, &connection, NULL)) {
    g_signal_handlers_disconnect_by_data (connection, self);
    peal_room_connection_shut_down (connection);
  }
  g_hash_table_remove_all (self->open);
}

/**
 * peal_entrance_get_n_open:
 *
 * Returns: how many clients there are
 */
guint
peal_entrance_get_n_open (PealEntrance *self)
{
  return g_hash_table_size (self->open);
}
