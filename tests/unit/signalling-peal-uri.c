/*
 * Peal rooms URIs: what they mean, and which are refused.
 */
#include "base/error.h"
#include "signalling/peal-uri.h"

typedef struct {
  const gchar *text;
  const gchar *websocket;
  const gchar *endpoint;
  const gchar *room;
  const gchar *name;
  const gchar *token;
} Reading;

static const Reading readings[] = {
  { "ws://host:8080/lobby", "ws://host:8080/ws", "host:8080", "lobby" },
  { "ws://host:8080/", "ws://host:8080/ws", "host:8080", "lobby" },
  { "ws://host:8080", "ws://host:8080/ws", "host:8080", "lobby" },
  { "ws://host/ws/den", "ws://host/ws", "host:80", "den" },
  { "ws://host/ws", "ws://host/ws", "host:80", "lobby" },
  { "ws://host/ws/", "ws://host/ws", "host:80", "lobby" },
  { "wss://host/call/ws/den", "wss://host/call/ws", "host:443", "den" },
  { "wss://host/call/den", "wss://host/call/ws", "host:443", "den" },
  { "wss://host/call/", "wss://host/call/ws", "host:443", "lobby" },
  { "wss://host/a%20b/den", "wss://host/a%20b/ws", "host:443", "den" },
  { "WS://host/den", "ws://host/ws", "host:80", "den" },
  { "ws://[::1]:9000/den", "ws://[::1]:9000/ws", "[::1]:9000", "den" },
  { "ws://10.0.0.7:1/d.e-n_1", "ws://10.0.0.7:1/ws", "10.0.0.7:1", "d.e-n_1" },
  { "ws://h/d?name=Ada&token=s3", "ws://h/ws", "h:80", "d", "Ada", "s3" },
  { "ws://h/d?name=Ada+L%C3%B6w", "ws://h/ws", "h:80", "d", "Ada L\xc3\xb6w" },
  { "ws://h/?room=den&token=%26%3D", "ws://h/ws", "h:80", "den", NULL, "&=" },
  { "ws://h/%64en", "ws://h/ws", "h:80", "den" },
  { "ws://h/den#part", "ws://h/ws", "h:80", "den" },
};

static const gchar *const refused[] = {
  "",
  "lobby",
  "ws:",
  "ws://",
  "ws:///lobby",
  "http://host/lobby",
  "ws://host:0/lobby",
  "ws://host:65536/lobby",
  "ws://host:eighty/lobby",
  "ws://host:-1/lobby",
  "ws://secret@host/lobby",
  "ws://ada:secret@host/lobby",
  "ws://[::1/lobby",
  "ws://host/two words",
  "ws://host/two%20words",
  "ws://host/den%2Fother",
  "ws://host/den%00",
  "ws://host/den%zz",
  "ws://host/den?token=secret&volume=11",
  "ws://host/den?token=secret&name=%ff",
  "ws://host/?room=",
};

static void
test_reading (gconstpointer data)
{
  const Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PealUri) uri = peal_uri_parse (reading->text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (uri->websocket, ==, reading->websocket);
  g_assert_cmpstr (uri->endpoint, ==, reading->endpoint);
  g_assert_cmpstr (uri->room, ==, reading->room);
  g_assert_cmpstr (uri->name, ==, reading->name);
  g_assert_cmpstr (uri->token, ==, reading->token);
}

static void
assert_refused (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealUri) uri = peal_uri_parse (text, &error);

  g_test_message ("%.80s", text);
  g_assert_null (uri);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  g_assert_null (strstr (error->message, "secret"));
}

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_refused (refused[i]);
}

static void
test_too_long (void)
{
  g_autofree gchar *room = g_strnfill (65, 'a');
  g_autofree gchar *padding = g_strnfill (PEAL_URI_MAX_BYTES, 'a');
  g_autofree gchar *long_room = g_strconcat ("ws://host/", room, NULL);
  g_autofree gchar *long_uri = g_strconcat ("ws://h/d?token=", padding, NULL);
  g_autofree gchar *long_name =
      g_strconcat ("ws://h/d?name=", room, room, NULL);

  assert_refused (long_room);
  assert_refused (long_uri);
  assert_refused (long_name);
}

/* A room of other letters is told which ones there may be. */
static void
test_room_rule (void)
{
  static const gchar *const rooms[] = { "ws://host/\xe5\xae\xa2\xe5\x8e\x85",
    "ws://host/%E5%AE%A2%E5%8E%85", "ws://host/caf\xc3\xa9", "ws://host/a+b",
    "ws://host/?room=two+words" };

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (peal_uri_parse (rooms[i], &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
    g_assert_nonnull (strstr (error->message, "1 to 64 of A-Z a-z 0-9 . _ -"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (readings); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/peal-uri/is-understood/%u", i + 1);

    g_test_add_data_func (path, &readings[i], test_reading);
  }
  g_test_add_func (
      "/peal-uri/wrong-ones-are-refused-without-quoting-secrets", test_refused);
  g_test_add_func ("/peal-uri/long-ones-are-refused", test_too_long);
  g_test_add_func ("/peal-uri/a-bad-room-is-told-which-characters-there-may-be",
      test_room_rule);

  return g_test_run ();
}
