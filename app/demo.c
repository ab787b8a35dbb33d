/*
 * `peal demo`: a room server and two members in this process, each with a
 * picture and a tone of its own. Every second it says what arrives in each
 * direction, judged by content, and at the end whether all four (pictures and
 * sound, both ways) did. Main thread.
 */
#include "app/demo.h"

#include "app/demo-member.h"
#include "app/events.h"
#include "app/keys.h"
#include "app/room-server.h"
#include "app/run.h"

#define USUAL_ADDRESS "127.0.0.1:8080"
#define FREE_ADDRESS "127.0.0.1:0"
#define LOOK_INTERVAL_S 1
/* Without a terminal nobody can press q. */
#define UNATTENDED_LIMIT_S 30
#define MEMBER_COUNT 2

typedef struct {
  const PealOptions *options;
  PealConsole *console;
  PealRun *run;
  PealKeys *keys;
  PealServer *server;
  PealDemoRole roles[MEMBER_COUNT];
  PealDemoMember *members[MEMBER_COUNT];
  gboolean is_connection_told;
  guint timer;
} Demo;

static void
fail (Demo *self, const GError *error)
{
  g_autoptr (JsonNode) event =
      peal_event_new_error (error->message, PEAL_EXIT_FAILURE);

  peal_console_complain (self->console, "%s", error->message);
  peal_console_event (self->console, event);
  peal_run_quit (self->run, PEAL_EXIT_FAILURE);
}

/* --- every second --- */

static gchar *
describe_picture (const PealDemoRole *from, const PealDemoFindings *findings,
    const PealPeerView *view, const PealPeerRates *rates)
{
  if (!findings->is_seen)
    return g_strdup ("no picture yet");
  return g_strdup_printf ("%.0f pictures/s %ux%u %s%s", rates->frames_per_s,
      view ? view->video_width : 0, view ? view->video_height : 0,
      from->sends_camera ? "camera" : from->colour_name,
      findings->is_moving ? ", moving" : "");
}

static gchar *
describe_sound (const PealDemoRole *from, const PealDemoFindings *findings)
{
  if (!findings->is_heard)
    return g_strdup (
        findings->loudness > 0.001 ? "another sound" : "no sound yet");
  return g_strdup_printf (
      "%u Hz, level %.2f", from->tone_hz, findings->loudness);
}

static void
print_direction_event (Demo *self, const PealDemoRole *from,
    const PealDemoRole *to, const PealDemoFindings *findings,
    const PealPeerView *view, const PealPeerRates *rates)
{
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_object_set_string_member (event, "event", "direction");
  json_object_set_string_member (event, "from", from->name);
  json_object_set_string_member (event, "to", to->name);
  json_object_set_boolean_member (event, "seen", findings->is_seen);
  json_object_set_boolean_member (event, "moving", findings->is_moving);
  json_object_set_boolean_member (event, "heard", findings->is_heard);
  json_object_set_double_member (event, "frames_per_s", rates->frames_per_s);
  json_object_set_int_member (
      event, "video_width", view ? view->video_width : 0);
  json_object_set_int_member (
      event, "video_height", view ? view->video_height : 0);
  json_object_set_double_member (event, "loudness", findings->loudness);
  json_node_init_object (node, event);
  peal_console_event (self->console, node);
}

static void
tell_direction (Demo *self, guint to)
{
  const PealDemoRole *from_role = &self->roles[1 - to];
  const PealDemoRole *to_role = &self->roles[to];
  const PealDemoFindings *findings = peal_demo_member_look (self->members[to]);
  PealPeerRates rates = { 0 };
  const PealPeerView *view =
      peal_demo_member_get_other (self->members[to], &rates);
  g_autofree gchar *picture =
      describe_picture (from_role, findings, view, &rates);
  g_autofree gchar *sound = describe_sound (from_role, findings);

  if (peal_console_is_json (self->console))
    print_direction_event (self, from_role, to_role, findings, view, &rates);
  else
    peal_console_say (self->console, "  %s to %-5s %-36s %s", from_role->name,
        to_role->name, picture, sound);
}

/* Said once, by whoever knows first. */
static void
tell_connection (Demo *self)
{
  for (guint i = 0; i < MEMBER_COUNT && !self->is_connection_told; i++) {
    PealPeerRates rates = { 0 };
    const PealPeerView *view =
        peal_demo_member_get_other (self->members[i], &rates);

    if (!view || view->setup_ms < 0 || view->first_picture_ms < 0)
      continue;
    self->is_connection_told = TRUE;
    peal_console_say (self->console,
        "Connected %.0f ms after the offer, first picture after %.0f ms.",
        view->setup_ms, view->first_picture_ms);
  }
}

static gboolean
on_look_due (gpointer data)
{
  Demo *self = data;

  for (guint i = 0; i < MEMBER_COUNT; i++)
    tell_direction (self, i);
  tell_connection (self);
  if (peal_console_is_broken (self->console))
    peal_run_quit (self->run, PEAL_EXIT_OK);
  return G_SOURCE_CONTINUE;
}

/* --- the life of the demo --- */

static void
on_key (gchar key, const gchar *text, gboolean is_complete, gpointer data)
{
  Demo *self = data;

  if (key == 'q')
    peal_run_quit (self->run, PEAL_EXIT_OK);
}

static gboolean
start_server (Demo *self, GError **error)
{
  peal_console_say (self->console, "Starting a room server…");
  self->server = peal_room_server_start (self->options, USUAL_ADDRESS, NULL);
  if (!self->server)
    self->server = peal_room_server_start (self->options, FREE_ADDRESS, error);
  return self->server != NULL;
}

static void
say_address (Demo *self)
{
  g_auto (GStrv) urls = peal_server_dup_page_urls (
      self->server, peal_room_server_get_room (self->options));

  if (peal_console_is_json (self->console))
    peal_room_server_announce (self->server, self->options, self->console);
  peal_console_say (
      self->console, "To join them, open %s in a browser here.", urls[0]);
}

static gboolean
start_member (Demo *self, guint i, const gchar *uri, GError **error)
{
  const PealDemoRole *role = &self->roles[i];

  peal_console_say (self->console,
      "%s enters the room with %s%s%s and a tone of %u Hz…", role->name,
      role->sends_camera ? "the camera's picture" : "a moving ball on ",
      role->sends_camera ? "" : role->colour_name,
      role->sends_camera ? "" : " ground", role->tone_hz);
  self->members[i] = peal_demo_member_new (
      role, &self->roles[1 - i], self->console, self->run);
  return peal_demo_member_start (self->members[i], uri, i == 0, i == 0, error);
}

static gboolean
start (Demo *self, GError **error)
{
  g_autofree gchar *uri = NULL;

  if (!start_server (self, error))
    return FALSE;
  uri = peal_server_dup_signalling_uri (
      self->server, peal_room_server_get_room (self->options));
  say_address (self);
  for (guint i = 0; i < MEMBER_COUNT; i++)
    if (!start_member (self, i, uri, error))
      return FALSE;
  self->timer = g_timeout_add_seconds (LOOK_INTERVAL_S, on_look_due, self);
  if (!peal_console_is_json (self->console))
    self->keys = peal_keys_new (on_key, self);
  if (self->keys)
    peal_console_say (self->console, "Press q to end.");
  return TRUE;
}

static gboolean
judge_direction (Demo *self, guint to)
{
  const PealDemoFindings *findings = peal_demo_member_look (self->members[to]);
  const gchar *from_name = self->roles[1 - to].name;
  const gchar *to_name = self->roles[to].name;

  if (!findings->was_seen)
    peal_console_complain (
        self->console, "no pictures arrived from %s at %s", from_name, to_name);
  if (!findings->was_heard)
    peal_console_complain (
        self->console, "no sound arrived from %s at %s", from_name, to_name);
  return findings->was_seen && findings->was_heard;
}

static gint
judge (Demo *self)
{
  gboolean is_good = judge_direction (self, 0) & judge_direction (self, 1);
  g_autofree gchar *verdict = peal_console_paint (self->console, PEAL_TONE_GOOD,
      "Pictures and sound arrived in both directions.");

  if (is_good)
    peal_console_say (self->console, "%s", verdict);
  return is_good ? PEAL_EXIT_OK : PEAL_EXIT_FAILURE;
}

static void
print_summary (Demo *self, gint status)
{
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonArray *peers = json_array_new ();

  for (guint i = 0; i < MEMBER_COUNT; i++) {
    PealPeerRates rates = { 0 };
    const PealPeerView *view =
        peal_demo_member_get_other (self->members[i], &rates);

    if (view)
      json_array_add_element (peers, peal_peer_view_to_json (view));
  }
  json_object_set_string_member (event, "event", "summary");
  json_object_set_boolean_member (event, "passed", status == PEAL_EXIT_OK);
  json_object_set_array_member (event, "peers", peers);
  json_node_init_object (node, event);
  peal_console_event (self->console, node);
}

static void
clear_demo (Demo *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->keys, peal_keys_free);
  for (guint i = 0; i < MEMBER_COUNT; i++)
    g_clear_pointer (&self->members[i], peal_demo_member_free);
  if (self->server)
    peal_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->run, peal_run_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, clear_demo)

static guint
get_limit_s (const PealOptions *options, PealConsole *console)
{
  if (options->seconds)
    return options->seconds;
  return peal_console_is_terminal (console) ? 0 : UNATTENDED_LIMIT_S;
}

/**
 * peal_demo:
 * @options: the command line
 * @console: where to say things
 *
 * Runs the command to its end.
 *
 * Returns: the exit status
 */
gint
peal_demo (const PealOptions *options, PealConsole *console)
{
  g_auto (Demo) self = {
    .options = options,
    .console = console,
    .roles = {
        { "Anna", "orange", 0xe07020, 440, options->camera },
        { "Ben", "blue", 0x2060d0, 660, FALSE },
    },
  };
  g_autoptr (GError) error = NULL;
  gint status = PEAL_EXIT_OK;

  self.run = peal_run_new (get_limit_s (options, console));
  if (!start (&self, &error)) {
    fail (&self, error);
    return PEAL_EXIT_FAILURE;
  }
  status = peal_run_go (self.run);
  if (status == PEAL_EXIT_OK)
    status = judge (&self);
  print_summary (&self, status);
  return status;
}
