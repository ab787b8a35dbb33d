/*
 * A member alone in its room: nothing is encoded for nobody.
 *
 *   alice (red, 440 Hz) ── room          (bob comes, and leaves)
 */
#include <string.h>

#include "call-rig.h"
#include "wait.h"

#define ALONE_MS 10000 /* the promise */
#define SHORTER_MS 3000

/* Buffers that went into any encoder so far; atomic. */
static gint encoded;

static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_inc (&encoded);

  return GST_PAD_PROBE_OK;
}

static void
on_element_added (
    GstBin *bin, GstBin *parent, GstElement *element, gpointer data)
{
  const gchar *klass = gst_element_get_metadata (element, "klass");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");

  if (pad && strstr (klass, "Encoder") &&
      (strstr (klass, "Video") || strstr (klass, "Audio")))
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, NULL, NULL);
}

static Member *
join_counted (Room *room)
{
  MemberOptions options = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  Member *alice = member_new (room, &options);

  g_signal_connect (member_get_call (alice), "deep-element-added",
      G_CALLBACK (on_element_added), NULL);
  member_play (alice);

  return alice;
}

static gboolean
is_idle (gint *last)
{
  gint now = g_atomic_int_get (&encoded);
  gboolean is_same = now == *last;

  *last = now;
  run_for_ms (200);

  return is_same;
}

static void
test_nobody (void)
{
  Room *room = room_open ();
  Member *alice = join_counted (room);
  Member *bob;
  gint last = -1;

  until (has_event (alice, "signalling-state", "state", "joined"));
  run_for_ms (ALONE_MS);
  g_assert_cmpint (g_atomic_int_get (&encoded), ==, 0);

  bob = member_join (room, "bob", NO_CAMERA, NO_MICROPHONE);
  until (sees (bob, MEDIA_RED) && hears (bob, 440));
  g_assert_cmpint (g_atomic_int_get (&encoded), >, 0);
  member_leave (bob);
  until (has_event (alice, "peer-left", "name", "bob"));
  until (is_idle (&last));
  run_for_ms (SHORTER_MS);
  g_assert_cmpint (g_atomic_int_get (&encoded), ==, last);

  member_leave (alice);
  room_close (room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func ("/nobody/nothing-is-encoded-for-nobody", test_nobody);

  return g_test_run ();
}
