/*
 * The room of a call-rig. See call-rig.h.
 *
 * A small stream of pictures that has nothing to do with Peal runs beside it,
 * to tell a stall of the machine from one of ours.
 */
#include "call-rig.h"
#include "element/peal-bin.h"
#include "known-faults.h"
#include "server-thread.h"
#include "wait.h"

#define STEP_MS 10
#define PULSE                                                   \
  "videotestsrc is-live=true ! video/x-raw,width=16,height=16," \
  "framerate=50/1 ! queue ! fakesink name=pulse sync=false"

struct _Room {
  ServerThread *server;
  GstElement *pulse;
  Flow *stalls;
};

static void
restore (const gchar *name, const gchar *value)
{
  if (value)
    g_setenv (name, value, TRUE);
  else
    g_unsetenv (name);
}

/**
 * call_rig_init:
 *
 * Starts GStreamer and GLib's tests. Members get the pealbin that is linked
 * into the test, because one process cannot hold the types of the plugin as
 * well; so the plugin is kept out of sight here, but not from children.
 */
void
call_rig_init (int *argc, char ***argv)
{
  g_autofree gchar *path = g_strdup (g_getenv ("GST_PLUGIN_PATH_1_0"));
  g_autofree gchar *registry = g_strdup (g_getenv ("GST_REGISTRY_1_0"));
  g_autofree gchar *own = g_strconcat (registry, ".no-peal", NULL);
  g_autoptr (GstElement) call = NULL;

  g_unsetenv ("GST_PLUGIN_PATH_1_0");
  if (registry)
    g_setenv ("GST_REGISTRY_1_0", own, TRUE);
  gst_init (argc, argv);
  restore ("GST_PLUGIN_PATH_1_0", path);
  restore ("GST_REGISTRY_1_0", registry);
  g_test_init (argc, argv, NULL);
  /* Criticals stay fatal; GLib's tests would make warnings so, too, and
   * GstBin warns of a loop in its graph when links go just then. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  GST_ELEMENT_REGISTER (pealbin, NULL);
  call = gst_object_ref_sink (gst_element_factory_make ("pealbin", NULL));
  g_assert_true (G_OBJECT_TYPE (call) == PEAL_TYPE_BIN);
}

/**
 * until_begin:
 *
 * Returns: the time to give up at, monotonic microseconds
 */
gint64
until_begin (guint limit_ms)
{
  return g_get_monotonic_time () +
      limit_ms * wait_slowness () * G_GINT64_CONSTANT (1000);
}

/**
 * until_step:
 *
 * Lets the main context run for a moment.
 *
 * Returns: whether there is time left
 */
gboolean
until_step (gint64 end_us)
{
  run_for_ms (STEP_MS);

  return g_get_monotonic_time () < end_us;
}

static void
start_pulse (Room *self)
{
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  self->pulse = gst_parse_launch (PULSE, NULL);
  sink = gst_bin_get_by_name (GST_BIN (self->pulse), "pulse");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_element_set_state (self->pulse, GST_STATE_PLAYING);
  gst_element_get_state (self->pulse, NULL, NULL, GST_CLOCK_TIME_NONE);
  self->stalls = flow_new (pad);
}

static void
stop_pulse (Room *self)
{
  gst_element_set_state (self->pulse, GST_STATE_NULL);
  flow_free (self->stalls);
  gst_object_unref (self->pulse);
}

/**
 * room_open:
 *
 * Returns: a room server on a free port of loopback
 */
Room *
room_open (void)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  return room_open_with (options);
}

/**
 * room_open_with:
 * @options: copied; where it listens is ours to say
 */
Room *
room_open_with (const PealServerOptions *options)
{
  Room *self = g_new0 (Room, 1);

  bear_known_faults ();
  self->server = server_thread_new (options);
  start_pulse (self);

  return self;
}

void
room_close (Room *self)
{
  stop_pulse (self);
  server_thread_free (self->server);
  g_free (self);
}

/**
 * room_stop:
 *
 * Ends the server and all that it remembers, as a crash does.
 */
void
room_stop (Room *self)
{
  server_thread_stop (self->server);
}

/**
 * room_start:
 *
 * A new server on the same port.
 */
void
room_start (Room *self)
{
  server_thread_start (self->server);
}

guint
room_get_port (Room *self)
{
  return server_thread_get_port (self->server);
}

/**
 * room_dup_uri:
 *
 * Returns: (transfer full): of the room that everyone is in
 */
gchar *
room_dup_uri (Room *self)
{
  return g_strdup_printf (
      "ws://127.0.0.1:%u/lobby", server_thread_get_port (self->server));
}

void
room_reset_stalls (Room *self)
{
  flow_reset (self->stalls);
}

gint64
room_get_stall_ms (Room *self)
{
  return flow_get_longest_gap_ms (self->stalls);
}
