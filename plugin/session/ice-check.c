/*
 * The servers that the user or the room named, each asked by a probe of its
 * own. See ice-check.h. Made by the session, run by attempts that get nowhere.
 *
 * Life cycle: new -> set_servers -> run -> … done, and again later; new servers
 * begin anew. Each fault is told once.
 *
 * A TURN server that does not serve us is left out until it is asked again:
 * beside it libnice 0.1.21 hears no answer of a STUN server (it takes it for
 * the TURN server's and drops it), so that one wrong password would cost the
 * direct way, too.
 */
#include "session/ice-check.h"

#include "session/ice-probe.h"

/* Chosen: a server or a network that comes back is soon found again, and one
 * with a limit of tries is not annoyed. */
#define AGAIN_US (30 * G_USEC_PER_SEC)

typedef struct {
  PealIceCheck *check;
  gchar *uri;
  PealIceProbe *probe; /* NULL: not asked */
  gboolean is_done;
  gchar *fault; /* NULL: none known */
} Server;

struct _PealIceCheck {
  PealIceCheckFault func;
  gpointer data;
  GPtrArray *servers; /* of Server */
  gint64 run_us;      /* 0: never */
  GPtrArray *told;    /* of gchar: faults */
};

static void
server_free (gpointer data)
{
  Server *server = data;

  g_clear_pointer (&server->probe, peal_ice_probe_free);
  g_free (server->uri);
  g_free (server->fault);
  g_free (server);
}

static gboolean
is_turn (const Server *server)
{
  return g_str_has_prefix (server->uri, "turn:");
}

static void
add (PealIceCheck *self, const gchar *uri)
{
  Server *server = g_new0 (Server, 1);

  server->check = self;
  server->uri = g_strdup (uri);
  g_ptr_array_add (self->servers, server);
}

static void
tell (PealIceCheck *self, const gchar *fault)
{
  if (g_ptr_array_find_with_equal_func (self->told, fault, g_str_equal, NULL))
    return;
  g_ptr_array_add (self->told, g_strdup (fault));
  self->func (fault, self->data);
}

static void
on_verdict (const gchar *fault, gpointer data)
{
  Server *server = data;

  server->is_done = TRUE;
  g_free (server->fault);
  server->fault = g_strdup (fault);
  if (fault)
    tell (server->check, fault);
}

/**
 * peal_ice_check_new:
 * @func: told each fault
 *
 * Returns: (transfer full): a check of no servers
 */
PealIceCheck *
peal_ice_check_new (PealIceCheckFault func, gpointer data)
{
  PealIceCheck *self = g_new0 (PealIceCheck, 1);

  self->func = func;
  self->data = data;
  self->servers = g_ptr_array_new_with_free_func (server_free);
  self->told = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
peal_ice_check_free (PealIceCheck *self)
{
  g_ptr_array_unref (self->servers);
  g_ptr_array_unref (self->told);
  g_free (self);
}

/**
 * peal_ice_check_set_servers:
 * @stun_server: (nullable): `stun://host:port`
 * @turn_servers: (nullable): `turn://user:pass@host:port`
 *
 * The servers in use from now on; what was found of others is forgotten.
 */
void
peal_ice_check_set_servers (PealIceCheck *self, const gchar *stun_server,
    const gchar *const *turn_servers)
{
  g_ptr_array_set_size (self->servers, 0);
  g_ptr_array_set_size (self->told, 0);
  self->run_us = 0;
  if (stun_server)
    add (self, stun_server);
  for (guint i = 0; turn_servers && turn_servers[i]; i++)
    add (self, turn_servers[i]);
}

/**
 * peal_ice_check_run:
 * @now_us: monotonic time
 *
 * Asks the servers, unless that was done lately or is under way.
 */
void
peal_ice_check_run (PealIceCheck *self, gint64 now_us)
{
  if (self->run_us > 0 && now_us - self->run_us < AGAIN_US)
    return;

  self->run_us = now_us;
  for (guint i = 0; i < self->servers->len; i++) {
    Server *server = g_ptr_array_index (self->servers, i);

    g_clear_pointer (&server->probe, peal_ice_probe_free);
    server->is_done = FALSE;
    server->probe = peal_ice_probe_new (server->uri, on_verdict, server);
  }
}

/**
 * peal_ice_check_is_done:
 *
 * Returns: whether every server has been asked and has had its time
 */
gboolean
peal_ice_check_is_done (PealIceCheck *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    if (!((Server *)g_ptr_array_index (self->servers, i))->is_done)
      return FALSE;

  return TRUE;
}

gboolean
peal_ice_check_has_turn (PealIceCheck *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    if (is_turn (g_ptr_array_index (self->servers, i)))
      return TRUE;

  return FALSE;
}

/**
 * peal_ice_check_list_turn:
 *
 * Returns: (transfer full): `turn://user:pass@host:port` of the TURN servers of
 *   which no fault is known
 */
GStrv
peal_ice_check_list_turn (PealIceCheck *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->servers->len; i++) {
    const Server *server = g_ptr_array_index (self->servers, i);

    if (is_turn (server) && !server->fault)
      g_strv_builder_add (builder, server->uri);
  }

  return g_strv_builder_end (builder);
}

/**
 * peal_ice_check_describe:
 *
 * Returns: (transfer full) (nullable): the faults found so far, in one
 *   sentence
 */
gchar *
peal_ice_check_describe (PealIceCheck *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->servers->len; i++) {
    const Server *server = g_ptr_array_index (self->servers, i);

    if (server->fault)
      g_string_append_printf (
          text, "%s%s", text->len > 0 ? "; " : "", server->fault);
  }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
