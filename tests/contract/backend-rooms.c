/*
 * The contract's backends over the real thing: Peal's own server on a thread of
 * its own, which speaks each protocol, and a proxy per member whose connections
 * can be cut.
 *
 *   PealDialectSignaller --ws--> TcpProxy --tcp--> PealServer (loop thread)
 */
#include "contract.h"

#include <glib/gstdio.h>

#include "base/loop-thread.h"
#include "server/server.h"
#include "signalling/registry.h"
#include "tcp-proxy.h"

typedef struct {
  Backend parent;
  PealLoopThread *loop;
  PealServerOptions *options;
  PealServer *server; /* on the loop */
  guint port;
} RoomsBackend;

static void
start_server (gpointer data)
{
  RoomsBackend *self = data;
  g_autoptr (GError) error = NULL;

  self->server = peal_server_new (self->options);
  peal_server_start (self->server, &error);
  g_assert_no_error (error);
  self->port = peal_server_get_port (self->server);
}

static void
stop_server (gpointer data)
{
  RoomsBackend *self = data;

  peal_server_stop (self->server);
  g_clear_object (&self->server);
}

static gchar *
write_token_file (const gchar *token)
{
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("peal-token-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, token, -1, NULL));
  return g_steal_pointer (&path);
}

static Backend *
open_room_as (const BackendClass *klass, const gchar *token, guint max_members)
{
  RoomsBackend *self = g_new0 (RoomsBackend, 1);

  self->parent.klass = klass;
  self->loop = peal_loop_thread_new ("test-server");
  self->options = peal_server_options_new ();
  self->options->listen = g_strdup ("127.0.0.1:0");
  self->options->max_members = max_members;
  self->options->token_file = token ? write_token_file (token) : NULL;
  peal_loop_thread_call (self->loop, start_server, self);

  return &self->parent;
}

static void
close_room (Backend *backend)
{
  RoomsBackend *self = (RoomsBackend *)backend;

  peal_loop_thread_call (self->loop, stop_server, self);
  peal_loop_thread_stop (self->loop);
  peal_loop_thread_unref (self->loop);
  if (self->options->token_file)
    g_unlink (self->options->token_file);
  peal_server_options_free (self->options);
  g_free (self);
}

/* The class's own format, with one port in it. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void
connect_member (
    Backend *backend, Member *member, const PealSignallerConfig *config)
{
  RoomsBackend *self = (RoomsBackend *)backend;
  g_autoptr (PealSignallerConfig) own = peal_signaller_config_copy (config);
  g_autoptr (GError) error = NULL;

  member->line = tcp_proxy_new (self->port);
  g_free (own->uri);
  own->uri =
      g_strdup_printf (backend->klass->uri, tcp_proxy_get_port (member->line));
  member->signaller = peal_signaller_registry_create (own, &error);
  g_assert_no_error (error);
}

static void
disconnect_member (Backend *backend, Member *member)
{
  g_clear_pointer ((TcpProxy **)&member->line, tcp_proxy_free);
}

static void
cut (Backend *backend, Member *member)
{
  tcp_proxy_cut (member->line);
}

static void
restart (Backend *backend)
{
  RoomsBackend *self = (RoomsBackend *)backend;

  peal_loop_thread_call (self->loop, stop_server, self);
  g_free (self->options->listen);
  self->options->listen = g_strdup_printf ("127.0.0.1:%u", self->port);
  peal_loop_thread_call (self->loop, start_server, self);
}

#define OVER_SERVER                               \
  .close = close_room, .connect = connect_member, \
  .disconnect = disconnect_member, .cut = cut, .restart = restart

static Backend *
open_rooms (const gchar *token, guint max_members)
{
  return open_room_as (&rooms_backend, token, max_members);
}

static Backend *
open_socketio (const gchar *token, guint max_members)
{
  return open_room_as (&socketio_backend, token, max_members);
}

static Backend *
open_relay (const gchar *token, guint max_members)
{
  return open_room_as (&relay_backend, token, max_members);
}

const BackendClass rooms_backend = {
  .name = "peal-rooms",
  .uri = "ws://127.0.0.1:%u/",
  .open = open_rooms,
  OVER_SERVER,
};

const BackendClass socketio_backend = {
  .name = "socketio",
  .lacks = LACK_META | LACK_TEXTS | LACK_RESUMING | LACK_TURNS,
  .uri = "socketio+ws://127.0.0.1:%u/",
  .open = open_socketio,
  OVER_SERVER,
};

const BackendClass relay_backend = {
  .name = "relay",
  .lacks = LACK_META | LACK_TEXTS | LACK_RESUMING | LACK_TURNS | LACK_LEAVING |
      LACK_IDS,
  .uri = "relay+ws://127.0.0.1:%u/relay/",
  .open = open_relay,
  OVER_SERVER,
};
