/*
 * Messages over data channels, between two elements.
 *
 *   alice ── room ── bob, who offers, because he comes second
 */
#include <signal.h>
#include <string.h>

#include "call-rig.h"
#include "wait.h"

#define COUNT 1000
#define SILENCE_MS 6000
#define LIMIT_BYTES (64 * 1024)
#define STUCK_LIMIT_BYTES (64 * 1024 * 1024)

/* What a member heard, in order. */
typedef struct {
  GMutex lock;
  GPtrArray *texts;  /* of gchar* */
  GPtrArray *labels; /* of gchar* or NULL */
} Inbox;

typedef struct {
  Room *room;
  Member *alice;
  Member *bob;
  Inbox alice_inbox;
  Inbox bob_inbox;
} Call;

/* Thread: the element's loop. */
static void
on_message (GstElement *element, const gchar *id, const gchar *name,
    const gchar *body, const gchar *text, const gchar *label, gpointer data)
{
  Inbox *inbox = data;

  g_mutex_lock (&inbox->lock);
  g_ptr_array_add (inbox->texts, g_strdup (text ? text : body));
  g_ptr_array_add (inbox->labels, g_strdup (label));
  g_mutex_unlock (&inbox->lock);
}

static void
inbox_open (Inbox *inbox, Member *member)
{
  g_mutex_init (&inbox->lock);
  inbox->texts = g_ptr_array_new_with_free_func (g_free);
  inbox->labels = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (
      member_get_call (member), "message", G_CALLBACK (on_message), inbox);
}

static void
inbox_close (Inbox *inbox)
{
  g_ptr_array_unref (inbox->texts);
  g_ptr_array_unref (inbox->labels);
  g_mutex_clear (&inbox->lock);
}

static guint
count_heard (Inbox *inbox)
{
  guint count;

  g_mutex_lock (&inbox->lock);
  count = inbox->texts->len;
  g_mutex_unlock (&inbox->lock);

  return count;
}

/* Nothing more comes after it: to be asked when all that could come has. */
static gboolean
heard_last (Inbox *inbox, const gchar *text)
{
  gboolean is_last;

  g_mutex_lock (&inbox->lock);
  is_last = inbox->texts->len > 0 &&
      g_str_equal (
          g_ptr_array_index (inbox->texts, inbox->texts->len - 1), text);
  g_mutex_unlock (&inbox->lock);

  return is_last;
}

static guint
count_by_channel (Inbox *inbox)
{
  guint count = 0;

  g_mutex_lock (&inbox->lock);
  for (guint i = 0; i < inbox->labels->len; i++)
    count += g_strcmp0 (g_ptr_array_index (inbox->labels, i), "peal") == 0;
  g_mutex_unlock (&inbox->lock);

  return count;
}

static gboolean
say (Member *member, const gchar *text)
{
  gboolean is_sent = FALSE;

  g_signal_emit_by_name (
      member_get_call (member), "send-message", NULL, text, &is_sent);

  return is_sent;
}

static gboolean
has_channel (Member *from, Inbox *to)
{
  guint before = count_by_channel (to);

  g_assert_true (say (from, "is it open?"));
  until (heard_last (to, "is it open?"));

  return count_by_channel (to) > before;
}

static void
forget (Inbox *inbox)
{
  g_mutex_lock (&inbox->lock);
  g_ptr_array_set_size (inbox->texts, 0);
  g_ptr_array_set_size (inbox->labels, 0);
  g_mutex_unlock (&inbox->lock);
}

static guint
count_connections (Member *member)
{
  return count_events (member, "peer-state", "state", "connected", NULL);
}

static void
given_members (Call *call, MemberOptions *alice, MemberOptions *bob)
{
  call->room = room_open ();
  call->alice = member_new (call->room, alice);
  call->bob = member_new (call->room, bob);
  inbox_open (&call->alice_inbox, call->alice);
  inbox_open (&call->bob_inbox, call->bob);
  member_play (call->alice);
  until (has_event (call->alice, "signalling-state", "state", "joined"));
  member_play (call->bob);
}

static void
given_a_call (Call *call)
{
  MemberOptions alice = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  MemberOptions bob = { .name = "bob", .rgb = MEDIA_BLUE, .hz = 880 };

  given_members (call, &alice, &bob);
  until (is_connected_to (call->alice, "bob"));
  until (is_connected_to (call->bob, "alice"));
  until (has_channel (call->alice, &call->bob_inbox));
  until (has_channel (call->bob, &call->alice_inbox));
  forget (&call->alice_inbox);
  forget (&call->bob_inbox);
}

static void
then_it_ends (Call *call)
{
  member_leave (call->alice);
  member_leave (call->bob);
  room_close (call->room);
  inbox_close (&call->alice_inbox);
  inbox_close (&call->bob_inbox);
}

static void
count_aloud (Member *member, guint count)
{
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *text = g_strdup_printf ("number %u", i);

    g_assert_true (say (member, text));
  }
}

static void
assert_counted (Inbox *inbox, guint count)
{
  until (count_heard (inbox) >= count);
  g_mutex_lock (&inbox->lock);
  g_assert_cmpuint (inbox->texts->len, ==, count);
  for (guint i = 0; i < count; i++) {
    g_autofree gchar *text = g_strdup_printf ("number %u", i);

    g_assert_cmpstr (g_ptr_array_index (inbox->texts, i), ==, text);
  }
  g_mutex_unlock (&inbox->lock);
}

static void
test_thousand (void)
{
  Call call;

  given_a_call (&call);
  count_aloud (call.alice, COUNT);
  count_aloud (call.bob, COUNT);
  assert_counted (&call.alice_inbox, COUNT);
  assert_counted (&call.bob_inbox, COUNT);
  g_assert_cmpuint (count_by_channel (&call.alice_inbox), ==, COUNT);
  g_assert_cmpuint (count_by_channel (&call.bob_inbox), ==, COUNT);
  then_it_ends (&call);
}

/* Said from the first moment on: some before there is any way but the room,
 * some while the connection is made, some over the channel. */
static void
test_from_the_start (void)
{
  MemberOptions alice = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  MemberOptions bob = { .name = "bob", .rgb = MEDIA_BLUE, .hz = 880 };
  guint said[2] = { 0, 0 };
  Call call;

  given_members (&call, &alice, &bob);
  until (has_event (call.alice, "peer-joined", "name", "bob"));
  until (has_event (call.bob, "peer-joined", "name", "alice"));
  while (count_by_channel (&call.alice_inbox) < 20 ||
      count_by_channel (&call.bob_inbox) < 20) {
    g_autofree gchar *a = g_strdup_printf ("number %u", said[0]++);
    g_autofree gchar *b = g_strdup_printf ("number %u", said[1]++);

    g_assert_true (say (call.alice, a));
    g_assert_true (say (call.bob, b));
    run_for_ms (10);
  }
  assert_counted (&call.bob_inbox, said[0]);
  assert_counted (&call.alice_inbox, said[1]);
  g_assert_true (has_channel (call.alice, &call.bob_inbox));
  then_it_ends (&call);
}

static void
assert_passes (Member *from, Inbox *to, gsize bytes)
{
  g_autofree gchar *text = g_strnfill (bytes, 'x');
  guint before = count_heard (to);

  g_assert_true (say (from, text));
  until (count_heard (to) > before);
  g_assert_true (heard_last (to, text));
}

static void
test_large (void)
{
  g_autofree gchar *too_large = g_strnfill (LIMIT_BYTES + 1, 'x');
  Call call;

  given_a_call (&call);
  assert_passes (call.alice, &call.bob_inbox, LIMIT_BYTES);
  assert_passes (call.bob, &call.alice_inbox, LIMIT_BYTES);
  g_assert_false (say (call.alice, too_large));
  g_assert_false (say (call.bob, too_large));
  until (count_events (call.bob, "warning", NULL) == 1);
  g_assert_nonnull (strstr (
      last_field (call.bob, "warning", NULL, NULL, "text"), "65537 bytes"));
  assert_passes (call.alice, &call.bob_inbox, 1);
  assert_passes (call.bob, &call.alice_inbox, 1);
  g_assert_cmpuint (count_heard (&call.alice_inbox), ==, 2);
  g_assert_cmpuint (count_heard (&call.bob_inbox), ==, 2);
  then_it_ends (&call);
}

static void
assert_arrives (Member *from, Inbox *to, const gchar *text, const gchar *as)
{
  guint before = count_heard (to);

  g_assert_true (say (from, text));
  until (count_heard (to) > before);
  g_assert_true (heard_last (to, as));
}

static void
test_bodies (void)
{
  Call call;

  given_a_call (&call);
  assert_arrives (call.alice, &call.bob_inbox, "{\"door\":\"open\"}",
      "{\"door\":\"open\"}");
  assert_arrives (call.bob, &call.alice_inbox, "[1,2]", "[1,2]");
  assert_arrives (call.bob, &call.alice_inbox, "{ no JSON", "{ no JSON");
  assert_arrives (call.bob, &call.alice_inbox, "", "");
  assert_arrives (call.alice, &call.bob_inbox, "Grüße, 東京", "Grüße, 東京");
  then_it_ends (&call);
}

static void
test_without_media (void)
{
  MemberOptions alice = { .name = "alice", .rgb = NO_CAMERA };
  MemberOptions bob = { .name = "bob", .rgb = NO_CAMERA };
  Call call;

  given_members (&call, &alice, &bob);
  until (is_connected_to (call.alice, "bob"));
  until (has_channel (call.alice, &call.bob_inbox));
  until (has_channel (call.bob, &call.alice_inbox));
  then_it_ends (&call);
}

/* Longer than the four seconds after which one with media counts as gone. */
static void
test_silent_without_media (void)
{
  MemberOptions alice = { .name = "alice", .rgb = NO_CAMERA };
  MemberOptions bob = { .name = "bob", .rgb = NO_CAMERA };
  Call call;

  given_members (&call, &alice, &bob);
  until (is_connected_to (call.alice, "bob"));
  until (is_connected_to (call.bob, "alice"));
  until (has_channel (call.alice, &call.bob_inbox));
  until (has_channel (call.bob, &call.alice_inbox));
  run_for_ms (SILENCE_MS);
  forget (&call.alice_inbox);
  forget (&call.bob_inbox);
  g_assert_true (has_channel (call.alice, &call.bob_inbox));
  g_assert_true (has_channel (call.bob, &call.alice_inbox));
  g_assert_cmpuint (count_connections (call.alice), ==, 1);
  g_assert_cmpuint (count_connections (call.bob), ==, 1);
  then_it_ends (&call);
}

/* A new connection replaces the old one: the channel comes back with it. */
static void
test_rebuilt (void)
{
  Call call;
  GstElement *microphone;

  given_a_call (&call);
  microphone = member_add (call.alice, "audiotestsrc is-live=true");
  g_assert_true (gst_element_link_pads (
      microphone, "src", member_get_call (call.alice), "audio_1"));
  gst_element_sync_state_with_parent (microphone);
  until (has_pad (call.bob, "remote_audio_1"));
  until (has_channel (call.alice, &call.bob_inbox));
  until (has_channel (call.bob, &call.alice_inbox));
  forget (&call.bob_inbox);
  count_aloud (call.alice, 100);
  assert_counted (&call.bob_inbox, 100);
  then_it_ends (&call);
}

/* ---- a peer that does not read ------------------------------------------- */

static void
fill (Member *member)
{
  g_autofree gchar *text = g_strnfill (LIMIT_BYTES, 'x');
  gsize sent = 0;

  while (say (member, text)) {
    sent += LIMIT_BYTES;
    g_assert_cmpuint (sent, <, STUCK_LIMIT_BYTES);
  }
  g_assert_cmpuint (sent, >, LIMIT_BYTES);
}

static void
test_stuck_peer (void)
{
  MemberOptions options = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  GSubprocess *bob = child_join (room, "bob", MEDIA_BLUE, 880);

  until (is_connected_to (alice, "bob") && sees (alice, MEDIA_BLUE));
  g_subprocess_send_signal (bob, SIGSTOP);
  fill (alice);
  g_assert_true (count_errors (alice) == 0);

  member_leave (alice);
  g_subprocess_send_signal (bob, SIGCONT);
  child_kill (bob);
  room_close (room);
}

/* ---- a channel that breaks ----------------------------------------------- */

static void
on_source_gone (gpointer data, GObject *source)
{
  g_atomic_int_dec_and_test ((gint *)data);
}

/* webrtcbin takes what a channel sends from an appsrc, the only ones there. */
static void
break_channel (const GValue *item, gpointer data)
{
  GstElement *source = g_value_get_object (item);

  g_atomic_int_inc ((gint *)data);
  g_object_weak_ref (G_OBJECT (source), on_source_gone, data);
  GST_ELEMENT_ERROR (source, STREAM, FAILED, ("It breaks."), (NULL));
}

static guint
break_channels (Member *member, gint *live)
{
  GstIterator *sources = gst_bin_iterate_all_by_element_factory_name (
      GST_BIN (member_get_call (member)), "appsrc");

  gst_iterator_foreach (sources, break_channel, live);
  gst_iterator_free (sources);

  return *live;
}

/* While it closes, a message is refused. */
static gboolean
talks_through_the_room (Member *from, Inbox *to)
{
  guint before = count_by_channel (to);

  if (!say (from, "is it broken?"))
    return FALSE;
  until (heard_last (to, "is it broken?"));

  return count_by_channel (to) == before;
}

static void
test_broken (void)
{
  static gint live; /* atomic */
  Call call;

  given_a_call (&call);
  g_assert_cmpuint (break_channels (call.alice, &live), >, 0);
  until (talks_through_the_room (call.alice, &call.bob_inbox));
  g_assert_true (is_connected_to (call.alice, "bob"));
  then_it_ends (&call);
  until (g_atomic_int_get (&live) == 0);
}

/* ---- no SCTP on this machine --------------------------------------------- */

static GPtrArray *
hide_sctp (void)
{
  static const gchar *const names[] = { "sctpenc", "sctpdec" };
  GstRegistry *registry = gst_registry_get ();
  GPtrArray *hidden = g_ptr_array_new_with_free_func (gst_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GstPluginFeature *feature =
        gst_registry_lookup_feature (registry, names[i]);

    g_assert_nonnull (feature);
    gst_registry_remove_feature (registry, feature);
    g_ptr_array_add (hidden, feature);
  }

  return hidden;
}

static void
show_again (GPtrArray *hidden)
{
  for (guint i = 0; i < hidden->len; i++)
    gst_registry_add_feature (
        gst_registry_get (), gst_object_ref (g_ptr_array_index (hidden, i)));
  g_ptr_array_unref (hidden);
}

static void
test_no_sctp (void)
{
  MemberOptions alice = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  MemberOptions bob = { .name = "bob", .rgb = MEDIA_BLUE, .hz = 880 };
  GPtrArray *hidden = hide_sctp ();
  Call call;

  given_members (&call, &alice, &bob);
  until (sees (call.alice, MEDIA_BLUE) && sees (call.bob, MEDIA_RED));
  g_assert_false (has_channel (call.alice, &call.bob_inbox));
  g_assert_false (has_channel (call.bob, &call.alice_inbox));
  g_assert_cmpuint (count_events (call.alice, "warning", NULL), ==, 1);
  then_it_ends (&call);
  show_again (hidden);
}

static void
test_offered_in_vain (void)
{
  MemberOptions options = { .name = "alice", .rgb = MEDIA_RED, .hz = 440 };
  GPtrArray *hidden = hide_sctp ();
  Room *room = room_open ();
  Member *alice = member_join_with (room, &options);
  GSubprocess *bob;

  until (has_event (alice, "signalling-state", "state", "joined"));
  bob = child_join (room, "bob", MEDIA_BLUE, 880);
  until (is_connected_to (alice, "bob") && sees (alice, MEDIA_BLUE));
  g_assert_true (say (alice, "can you hear me?"));
  g_assert_cmpuint (
      count_events (alice, "peer-state", "state", "failed", NULL), ==, 0);

  child_kill (bob);
  member_leave (alice);
  room_close (room);
  show_again (hidden);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/data/a-thousand-messages-each-way-arrive-in-order", test_thousand);
  g_test_add_func ("/data/messages-keep-their-order-while-a-connection-is-made",
      test_from_the_start);
  g_test_add_func (
      "/data/64-kibibytes-pass-and-one-byte-more-is-an-error", test_large);
  g_test_add_func ("/data/text-and-json-arrive-as-they-were-sent", test_bodies);
  g_test_add_func (
      "/data/two-members-without-media-can-talk", test_without_media);
  g_test_add_func ("/data/two-members-without-media-may-be-silent",
      test_silent_without_media);
  g_test_add_func ("/data/a-new-connection-brings-a-new-channel", test_rebuilt);
  g_test_add_func ("/data/a-peer-that-does-not-read-fills-and-blocks-nothing",
      test_stuck_peer);
  g_test_add_func (
      "/data/a-channel-that-breaks-costs-itself-and-leaves-nothing",
      test_broken);
  g_test_add_func (
      "/data/without-sctp-messages-go-through-the-room", test_no_sctp);
  g_test_add_func ("/data/without-sctp-a-channel-that-is-offered-is-refused",
      test_offered_in_vain);

  return g_test_run ();
}
