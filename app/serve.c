/*
 * `peal serve`: rooms and the page, until told to end. Under systemd it says
 * when it is ready and when it stops. Main thread.
 */
#include "app/serve.h"

#include "app/events.h"
#include "app/notify.h"
#include "app/room-server.h"
#include "app/run.h"
#include "base/error.h"

static gint
fail (PealConsole *console, const GError *error)
{
  gboolean is_usage = g_error_matches (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  gint status = is_usage ? PEAL_EXIT_USAGE : PEAL_EXIT_FAILURE;
  g_autoptr (JsonNode) event = peal_event_new_error (error->message, status);

  peal_console_complain (console, "%s", error->message);
  peal_console_event (console, event);
  return status;
}

typedef struct {
  const gchar *event;
  const gchar *words; /* behind the name */
} Change;

static void
tell_membership (PealConsole *console, const Change *change, const gchar *room,
    const gchar *id, const gchar *name)
{
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  if (!peal_console_is_json (console)) {
    peal_console_say (
        console, "%s: %s %s.", room, name ? name : id, change->words);
    return;
  }
  json_object_set_string_member (event, "event", change->event);
  json_object_set_string_member (event, "room", room);
  json_object_set_string_member (event, "id", id);
  json_object_set_string_member (event, "name", name ? name : "");
  json_node_init_object (node, event);
  peal_console_event (console, node);
}

static void
on_member_joined (PealServer *server, const gchar *room, const gchar *id,
    const gchar *name, gpointer data)
{
  static const Change coming = { "member-joined", "is in" };

  tell_membership (data, &coming, room, id, name);
}

static void
on_member_left (PealServer *server, const gchar *room, const gchar *id,
    const gchar *name, gpointer data)
{
  static const Change going = { "member-left", "has left" };

  tell_membership (data, &going, room, id, name);
}

static void
on_warning (PealServer *server, const gchar *text, gpointer data)
{
  PealConsole *console = data;
  g_autoptr (JsonNode) event = peal_event_new_warning (text);

  peal_console_complain (console, "%s", text);
  peal_console_event (console, event);
}

/**
 * peal_serve:
 * @options: the command line
 * @console: where to say things
 *
 * Runs the command to its end.
 *
 * Returns: the exit status
 */
gint
peal_serve (const PealOptions *options, PealConsole *console)
{
  g_autoptr (PealRun) run = peal_run_new (options->seconds);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealServer) server =
      peal_room_server_start (options, options->listen, &error);
  gint status = PEAL_EXIT_OK;

  if (!server)
    return fail (console, error);
  g_signal_connect (
      server, "member-joined", G_CALLBACK (on_member_joined), console);
  g_signal_connect (
      server, "member-left", G_CALLBACK (on_member_left), console);
  g_signal_connect (server, "warning", G_CALLBACK (on_warning), console);
  peal_room_server_announce (server, options, console);
  peal_notify ("READY=1\nSTATUS=Serving rooms");
  status = peal_run_go (run);
  peal_notify ("STOPPING=1");
  peal_server_stop (server);
  return status;
}
