/*
 * The server ends in mid-call, with all that it knows, and comes back:
 *
 *   alice ── server ── bob     server: `peal serve` in a process of its own,
 *     └───── media ─────┘      SIGKILL, started again on the same port
 *                              carol: a newcomer, afterwards
 */
#include "call-rig.h"
#include "tcp-proxy.h"
#include "wait.h"

#define OUTAGE_MS 3000
#define BACK_LIMIT_MS 15000     /* the promise */
#define UNLISTED_LIMIT_MS 60000 /* chosen: twice what it is */

typedef struct {
  Room *room; /* holds the port's number; serves only at first */
  GSubprocess *server;
  Member *alice;
  Member *bob;
} Call;

static void
start_server (Call *call)
{
  g_autofree gchar *peal =
      g_build_filename (g_getenv ("PEAL_BUILD_ROOT"), "app", "peal", NULL);
  g_autofree gchar *address =
      g_strdup_printf ("127.0.0.1:%u", room_get_port (call->room));
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;

  /* The command has its own pealbin, and cannot hold the plugin's as well. */
  g_subprocess_launcher_unsetenv (launcher, "GST_PLUGIN_PATH_1_0");
  g_subprocess_launcher_unsetenv (launcher, "GST_REGISTRY_1_0");
  call->server = g_subprocess_launcher_spawn (
      launcher, &error, peal, "serve", "--listen", address, NULL);
  g_assert_no_error (error);
}

static void
given_a_call (Call *call)
{
  MemberOptions alice = {
    .name = "alice", .rgb = MEDIA_RED, .hz = 440, .watches_remotes = TRUE
  };
  MemberOptions bob = {
    .name = "bob", .rgb = MEDIA_BLUE, .hz = 880, .watches_remotes = TRUE
  };

  call->room = room_open ();
  room_stop (call->room);
  start_server (call);
  call->alice = member_join_with (call->room, &alice);
  call->bob = member_join_with (call->room, &bob);
  until (sees (call->alice, MEDIA_BLUE) && hears (call->alice, 880));
  until (sees (call->bob, MEDIA_RED) && hears (call->bob, 440));
}

static void
when_the_server_is_killed_and_returns (Call *call)
{
  gint64 started_us;

  forget_events (call->alice);
  forget_events (call->bob);
  child_kill (call->server);
  run_for_ms (OUTAGE_MS);
  start_server (call);
  started_us = g_get_monotonic_time ();
  until (has_event (call->alice, "signalling-state", "state", "joined"));
  until (has_event (call->bob, "signalling-state", "state", "joined"));
  g_assert_cmpint ((g_get_monotonic_time () - started_us) / 1000, <,
      BACK_LIMIT_MS * wait_slowness ());
}

static void
then_nobody_left_or_came_twice (Call *call)
{
  g_assert_cmpuint (count_peers (call->alice, "bob"), ==, 1);
  g_assert_cmpuint (count_peers (call->bob, "alice"), ==, 1);
  g_assert_cmpuint (count_events (call->alice, "peer-left", NULL), ==, 0);
  g_assert_cmpuint (count_events (call->bob, "peer-left", NULL), ==, 0);
}

static void
then_it_ends (Call *call)
{
  member_leave (call->alice);
  member_leave (call->bob);
  child_kill (call->server);
  room_close (call->room);
}

static void
test_restart (void)
{
  Call call;
  Member *carol;
  Flow *picture, *sound, *other;

  given_a_call (&call);
  picture = member_watch (call.alice, pad_of (call.alice, "video", "bob"));
  sound = member_watch (call.alice, pad_of (call.alice, "audio", "bob"));
  other = member_watch (call.bob, pad_of (call.bob, "video", "alice"));
  room_reset_stalls (call.room);

  when_the_server_is_killed_and_returns (&call);
  then_nobody_left_or_came_twice (&call);
  assert_no_gap (call.room, picture);
  assert_no_gap (call.room, sound);
  assert_no_gap (call.room, other);

  carol = member_join (call.room, "carol", MEDIA_GREEN, 1320);
  until (sees (carol, MEDIA_RED) && sees (carol, MEDIA_BLUE));
  until (sees (call.alice, MEDIA_BLUE) && sees (call.alice, MEDIA_GREEN));
  until (sees (call.bob, MEDIA_RED) && sees (call.bob, MEDIA_GREEN));
  then_nobody_left_or_came_twice (&call);

  member_leave (carol);
  then_it_ends (&call);
}

static void
test_leaving_afterwards (void)
{
  Call call;

  given_a_call (&call);
  when_the_server_is_killed_and_returns (&call);
  member_stop (call.bob);
  until (has_event (call.alice, "peer-left", "name", "bob"));
  until (is_black (call.alice));
  member_play (call.bob);
  until (sees (call.alice, MEDIA_BLUE) && hears (call.bob, 440));
  g_assert_cmpuint (count_peers (call.alice, "bob"), ==, 1);
  then_it_ends (&call);
}

/* Bob is cut off from the server, not from alice; carol might be him. */
static void
test_another_id (void)
{
  Call call = { .room = room_open () };
  TcpProxy *proxy = tcp_proxy_new (room_get_port (call.room));
  g_autofree gchar *uri =
      g_strdup_printf ("ws://127.0.0.1:%u/lobby", tcp_proxy_get_port (proxy));
  MemberOptions bob = { .name = "bob", .rgb = MEDIA_BLUE, .hz = 880 };
  Member *carol;
  gint64 limit_us;

  bob.uri = uri;
  call.alice = member_join (call.room, "alice", MEDIA_RED, 440);
  call.bob = member_join_with (call.room, &bob);
  until (sees (call.alice, MEDIA_BLUE) && sees (call.bob, MEDIA_RED));
  tcp_proxy_free (proxy);
  room_stop (call.room);
  forget_events (call.alice);
  room_start (call.room);
  until (has_event (call.alice, "signalling-state", "state", "joined"));
  carol = member_join (call.room, "carol", MEDIA_GREEN, 1320);
  until (sees (call.alice, MEDIA_BLUE) && sees (call.alice, MEDIA_GREEN));

  limit_us = until_begin (UNLISTED_LIMIT_MS);
  while (!has_event (call.alice, "peer-left", "name", "bob"))
    g_assert_true (until_step (limit_us));
  g_assert_cmpuint (count_peers (call.alice, "bob"), ==, 0);
  g_assert_true (is_connected_to (call.alice, "carol"));

  member_leave (carol);
  member_leave (call.alice);
  member_leave (call.bob);
  room_close (call.room);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  g_test_add_func (
      "/restart/pictures-never-stop-and-everybody-is-back-once", test_restart);
  g_test_add_func ("/restart/one-that-leaves-afterwards-is-gone-and-can-return",
      test_leaving_afterwards);
  g_test_add_func (
      "/restart/who-is-not-back-when-somebody-new-is-goes", test_another_id);

  return g_test_run ();
}
