/*
 * A relay that lets nobody in. Its protocol has no word for being let in, so
 * the refusal comes to who believes to be in the room.
 *
 * The server is libsoup's, on the test's own context.
 */
#include "signalling/relay-signaller.h"

#include <libsoup/soup.h>

#include "base/error.h"
#include "soup-door.h"
#include "wait.h"

#define POLICY 1008 /* RFC 6455 section 7.4.1 */
#define REFUSAL "{\"type\":\"error\",\"code\":\"bad-room\",\"message\":\"no!\"}"

typedef struct {
  SoupServer *server;
  const gchar *frame; /* the greeting, or NULL */
  const gchar *reason;

  PealSignaller *signaller;
  GError *error;
  PealSignallingState state;
} Fixture;

static void
on_connection (SoupServer *server, SoupServerMessage *message,
    const gchar *path, SoupWebsocketConnection *connection, gpointer data)
{
  Fixture *fixture = data;

  if (fixture->frame)
    soup_websocket_connection_send_text (connection, fixture->frame);
  soup_websocket_connection_close (connection, POLICY, fixture->reason);
}

static void
on_state (PealSignaller *signaller, PealSignallingState state, GError *error,
    gpointer data)
{
  Fixture *fixture = data;

  fixture->state = state;
  g_clear_error (&fixture->error);
  fixture->error = error ? g_error_copy (error) : NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_websocket_handler (
      fixture->server, "/relay", NULL, NULL, on_connection, fixture, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  peal_signaller_stop (fixture->signaller);
  g_clear_object (&fixture->signaller);
  soup_door_close (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_error (&fixture->error);
}

static void
call (Fixture *fixture)
{
  g_autofree gchar *uri =
      g_strdup_printf ("relay+ws://127.0.0.1:%u/relay/a%%20b",
          soup_door_open (fixture->server, 0));
  g_autoptr (PealSignallerConfig) config = peal_signaller_config_new (uri);

  fixture->signaller = peal_relay_signaller_new (config, NULL);
  g_signal_connect (
      fixture->signaller, "state-changed", G_CALLBACK (on_state), fixture);
  peal_signaller_start (fixture->signaller);
}

static gboolean
is_over (gpointer data)
{
  const Fixture *fixture = data;

  return fixture->state == PEAL_SIGNALLING_FAILED ||
      fixture->state == PEAL_SIGNALLING_RECONNECTING;
}

static void
test_word (Fixture *fixture, gconstpointer data)
{
  fixture->frame = REFUSAL;
  call (fixture);
  wait_for (is_over, fixture);
  g_assert_cmpint (fixture->state, ==, PEAL_SIGNALLING_FAILED);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
  g_assert_nonnull (strstr (fixture->error->message, "\"a b\": no!"));
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  fixture->reason = "bad-room";
  call (fixture);
  wait_for (is_over, fixture);
  g_assert_cmpint (fixture->state, ==, PEAL_SIGNALLING_FAILED);
  g_assert_error (fixture->error, PEAL_ERROR, PEAL_ERROR_REFUSED);
}

static void
test_passing (Fixture *fixture, gconstpointer data)
{
  fixture->reason = "rate limited";
  call (fixture);
  wait_for (is_over, fixture);
  g_assert_cmpint (fixture->state, ==, PEAL_SIGNALLING_RECONNECTING);
}

#define ADD(path, func) \
  g_test_add ("/relay-signaller/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("who-is-refused-with-a-word-fails-with-it", test_word);
  ADD ("who-is-refused-by-the-reason-of-the-close-fails", test_close);
  ADD ("another-close-may-pass", test_passing);
  return g_test_run ();
}
