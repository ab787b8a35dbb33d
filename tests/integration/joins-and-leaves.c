/*
 * One peer comes and goes many times; what stays must not grow.
 *
 *   alice ── room ── bob × CYCLES
 */
#include "call-rig.h"
#include "wait.h"

#define CYCLES 300
#define WARM_UP 10 /* pools and caches are full afterwards */

/* webrtcbins that are not finalized yet; atomic. */
static gint live;

static guint
count_files (const gchar *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir))
    count++;

  return count;
}

static guint
count_threads (void)
{
  return count_files ("/proc/self/task");
}

static guint
count_descriptors (void)
{
  return count_files ("/proc/self/fd");
}

static void
on_webrtcbin_gone (gpointer data, GObject *object)
{
  g_atomic_int_dec_and_test (&live);
}

static void
on_element_added (GstBin *bin, GstElement *element, gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  if (!factory || !g_str_equal (GST_OBJECT_NAME (factory), "webrtcbin"))
    return;
  g_atomic_int_inc (&live);
  g_object_weak_ref (G_OBJECT (element), on_webrtcbin_gone, NULL);
}

static Member *
join (Room *room, const gchar *name, guint rgb, guint hz)
{
  MemberOptions options = { .name = name, .rgb = rgb, .hz = hz };
  Member *member = member_new (room, &options);

  g_signal_connect (member_get_call (member), "element-added",
      G_CALLBACK (on_element_added), NULL);
  member_play (member);

  return member;
}

/* Over the data channel, which leaves with them. */
static void
talk (Member *from, Member *to)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (
      member_get_call (from), "send-message", NULL, "hello", &is_sent);
  g_assert_true (is_sent);
  until (has_event (to, "message", "text", "hello", "label", "peal"));
}

static void
come_and_go (Room *room, Member *alice)
{
  Member *bob = join (room, "bob", MEDIA_BLUE, 880);

  until (count_connected (bob) == 1 && count_connected (alice) == 1);
  talk (bob, alice);
  member_leave (bob);
  until (count_peers (alice, "bob") == 0);
  forget_events (alice);
}

/* Threads of GStreamer's pools end some seconds after their last work. */
static void
settle (guint *threads, guint *descriptors)
{
  until (g_atomic_int_get (&live) == 0);
  run_for_ms (100);
  *threads = count_threads ();
  *descriptors = count_descriptors ();
}

static void
test_growth (void)
{
  Room *room = room_open ();
  Member *alice = join (room, "alice", MEDIA_RED, 440);
  guint threads, descriptors;

  for (guint i = 0; i < WARM_UP; i++)
    come_and_go (room, alice);
  settle (&threads, &descriptors);

  for (guint i = 0; i < CYCLES; i++)
    come_and_go (room, alice);
  until (g_atomic_int_get (&live) == 0);
  g_test_message ("threads: %u, then %u; descriptors: %u, then %u", threads,
      count_threads (), descriptors, count_descriptors ());
  until (count_threads () <= threads);
  until (count_descriptors () <= descriptors);

  member_leave (alice);
  room_close (room);
}

/* ---- a packet that is under way ---- */

#define PATIENCE_US (200 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  GstPad *out;  /* of the srtpdec that the packet is in */
  gint is_held; /* atomic */
} Packet;

/* Until the element is being stopped, if it is without waiting for us. */
static GstPadProbeReturn
hold_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Packet *packet = data;
  gint64 limit_us;

  g_atomic_int_set (&packet->is_held, TRUE);
  limit_us = g_get_monotonic_time () + PATIENCE_US;
  while (GST_PAD_IS_ACTIVE (packet->out) && g_get_monotonic_time () < limit_us)
    g_thread_yield ();

  return GST_PAD_PROBE_REMOVE;
}

static void
on_deep_element_added (
    GstBin *bin, GstBin *parent, GstElement *element, gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  Packet *packet = data;
  g_autoptr (GstPad) pad = NULL;

  if (!factory || !g_str_equal (GST_OBJECT_NAME (factory), "srtpdec"))
    return;
  packet->out = gst_element_get_static_pad (element, "rtp_src");
  pad = gst_element_get_static_pad (element, "rtp_sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, hold_packet, packet, NULL);
}

/* The first one, before which srtpdec tells of its stream. */
static void
test_packet (void)
{
  Room *room = room_open ();
  Member *alice = join (room, "alice", MEDIA_RED, 440);
  Packet packet = { 0 };
  Member *bob;

  g_signal_connect (member_get_call (alice), "deep-element-added",
      G_CALLBACK (on_deep_element_added), &packet);
  bob = join (room, "bob", MEDIA_BLUE, 880);
  until (g_atomic_int_get (&packet.is_held));
  member_leave (alice);
  member_leave (bob);
  room_close (room);
  gst_object_unref (packet.out);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/growth/a-packet-that-is-under-way-at-the-end-breaks-nothing",
      test_packet);
  g_test_add_func (
      "/growth/three-hundred-joins-and-leaves-leave-nothing", test_growth);

  return g_test_run ();
}
