/*
 * Clients that do too much, or nothing at all. Limits are small here.
 *
 *   alice (well behaved) ---+
 *                           +--- server, all in this thread
 *   eve (is not)         ---+
 */
#include <string.h>
#include <sys/socket.h>

#include "room-client.h"
#include "server-here.h"
#include "text-file.h"
#include "wait.h"

typedef struct {
  PealServerLimits limits;
  PealServer *server;
  gchar *base;
  gchar *uri;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->limits = (PealServerLimits)PEAL_SERVER_LIMITS_INIT;
}

static void
start_with (Fixture *fixture, PealServerOptions *options)
{
  fixture->server = server_here_new (options, &fixture->limits);
  fixture->base = g_strdup_printf (
      "http://127.0.0.1:%u", peal_server_get_port (fixture->server));
  fixture->uri = g_strconcat (fixture->base, "/ws/room", NULL);
}

static void
start (Fixture *fixture, guint max_members)
{
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  options->max_members = max_members;
  start_with (fixture, options);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  server_here_free (fixture->server);
  g_free (fixture->base);
  g_free (fixture->uri);
}

static RoomClient *
join (Fixture *fixture)
{
  RoomClient *client = room_client_new (fixture->uri);

  room_client_say (client, "{'type':'join'}");
  room_client_hear (client, "joined");
  return client;
}

static void
test_silent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) eve = NULL;

  fixture->limits.join_timeout_ms = 50;
  start (fixture, 0);
  eve = room_client_new (fixture->uri);
  g_assert_cmpuint (room_client_wait_closed (eve), ==, 1008);
}

static void
test_joined_in_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;

  fixture->limits.join_timeout_ms = 100;
  start (fixture, 0);
  alice = join (fixture);
  run_for_ms (200);
  room_client_hear_nothing (alice);
}

#define ROLES(roles) "{'type':'setPeerStatus','roles':" roles "}"

static void
test_out_of_the_room (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *uri = NULL;
  g_autoptr (RoomClient) door = NULL;

  fixture->limits.join_timeout_ms = 50;
  start (fixture, 0);
  uri = g_strconcat (fixture->base, "/gstwebrtc/room", NULL);
  door = room_client_new (uri);
  room_client_hear (door, "welcome");
  room_client_say (door, ROLES ("['producer','listener']"));
  room_client_hear (door, "peerStatusChanged");
  room_client_say (door, ROLES ("[]"));
  run_for_ms (200);
  room_client_say (door, "{'type':'list'}");
  room_client_hear (door, "list");
}

static void
start_with_turn (Fixture *fixture)
{
  static const gchar *const urls[] = { "turn:turn.example.org", NULL };
  g_autoptr (PealServerOptions) options = peal_server_options_new ();

  options->turn_secret_file = text_file_write ("secret");
  options->ice_servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);
  g_ptr_array_add (
      options->ice_servers, peal_ice_server_new (urls, NULL, NULL));
  start_with (fixture, options);
  text_file_remove (g_steal_pointer (&options->turn_secret_file));
}

static const gchar *
get_text (JsonObject *message, const gchar *name)
{
  return json_object_get_string_member (message, name);
}

static void
test_renewal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (RoomClient) again = NULL;
  g_autofree gchar *id = NULL;
  g_autofree gchar *words = NULL;
  JsonObject *joined;

  fixture->limits.renewal_ms = 100;
  start_with_turn (fixture);
  alice = room_client_new (fixture->uri);
  room_client_say (alice, "{'type':'join'}");
  joined = room_client_hear (alice, "joined");
  id = g_strdup (get_text (joined, "id"));
  words = g_strdup_printf (
      "{'type':'join','resume':'%s'}", get_text (joined, "resume"));
  g_assert_cmpuint (room_client_wait_closed (alice), ==, 1001);
  again = room_client_new (fixture->uri);
  room_client_say (again, words);
  joined = room_client_hear (again, "joined");
  g_assert_cmpstr (get_text (joined, "id"), ==, id);
  g_assert_true (json_object_has_member (joined, "iceServers"));
}

static void
test_message_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (RoomClient) eve = NULL;

  fixture->limits.message_burst = 10;
  fixture->limits.messages_per_second = 0.01;
  start (fixture, 0);
  alice = join (fixture);
  eve = room_client_new (fixture->uri);
  for (guint i = 0; i < 10; i++)
    room_client_say (eve, "{'type':'ping'}");
  for (guint i = 0; i < 10; i++)
    room_client_hear (eve, "pong");
  for (guint i = 0; i < 200; i++)
    room_client_say (eve, "{'type':'ping'}");
  room_client_hear_error (eve, "rate-limited");
  g_assert_cmpuint (room_client_wait_closed (eve), ==, 1008);
  room_client_hear_nothing (alice);
}

static void
test_connection_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (RoomClient) eve = NULL;

  fixture->limits.connection_burst = 1;
  fixture->limits.connections_per_second = 0.01;
  fixture->limits.limits_loopback = TRUE;
  start (fixture, 0);
  alice = join (fixture);
  eve = room_client_new (fixture->uri);
  room_client_hear_error (eve, "rate-limited");
  g_assert_cmpuint (room_client_wait_closed (eve), ==, 1008);
  room_client_hear_nothing (alice);
}

static void
test_room_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (RoomClient) bob = NULL;
  g_autoptr (RoomClient) eve = NULL;

  start (fixture, 2);
  alice = join (fixture);
  bob = join (fixture);
  eve = room_client_new (fixture->uri);
  room_client_say (eve, "{'type':'join'}");
  room_client_hear_error (eve, "room-full");
  room_client_say (eve, "{'type':'join','room':'another'}");
  room_client_hear (eve, "joined");
}

/* Text shorter than 126 bytes, masked with zeros (RFC 6455 section 5.2). */
static void
say_raw (GSocketConnection *connection, const gchar *text)
{
  guchar frame[6 + 125] = { 0x81, 0x80 | strlen (text), 0, 0, 0, 0 };

  memcpy (frame + 6, text, strlen (text));
  g_assert_true (g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (connection)), frame,
      6 + strlen (text), NULL, NULL, NULL));
}

/* A member that never reads a byte and never answers a ping. */
static GSocketConnection *
join_raw (Fixture *fixture)
{
  GSocketConnection *connection =
      room_socket_open (peal_server_get_port (fixture->server));
  static const gchar handshake[] = "GET /ws/room HTTP/1.1\r\nHost: x\r\n"
                                   "Upgrade: websocket\r\n"
                                   "Connection: Upgrade\r\n"
                                   "Sec-WebSocket-Version: 13\r\n"
                                   "Sec-WebSocket-Key: "
                                   "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  g_assert_true (g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (connection)), handshake,
      strlen (handshake), NULL, NULL, NULL));
  say_raw (connection, "{\"type\":\"join\"}");
  return connection;
}

static gboolean
has_dropped_one (Fixture *fixture)
{
  g_autofree gchar *url = g_strconcat (fixture->base, "/metrics", NULL);
  g_autoptr (RoomAnswer) answer = room_http_ask ("GET", url, NULL, NULL);

  g_assert_no_error (answer->error);
  return strstr (answer->body, "\npeal_connections_dropped_total 1\n") != NULL;
}

static void
wait_for_drop (Fixture *fixture)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_DEFAULT_MS * 1000;

  while (!has_dropped_one (fixture)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    run_for_ms (20);
  }
}

static void
test_does_not_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (GSocketConnection) eve = NULL;
  g_autofree gchar *filling = g_strnfill (60000, 'x');
  guint n_said = 0;
  int size = 4096;

  fixture->limits.backlog_bytes = 200 * 1024;
  start (fixture, 0);
  alice = join (fixture);
  eve = join_raw (fixture);
  /* The smallest window there is, so that the server's backlog fills soon. */
  g_socket_set_option (
      g_socket_connection_get_socket (eve), SOL_SOCKET, SO_RCVBUF, size, NULL);
  room_client_hear (alice, "peer-joined");
  while (!has_dropped_one (fixture) && n_said++ < 400)
    room_client_say (alice, "{'type':'message','body':'%s'}", filling);
  g_assert_true (has_dropped_one (fixture));
  /* The kernel takes some megabytes, the backlog 200 KiB, nothing the rest. */
  g_assert_cmpuint (n_said, >, 3);
  g_assert_cmpuint (n_said, <, 400);
  room_client_hear_nothing (alice);
}

/* ---- one that stops in the middle of a frame ---- */

#define FILLING_BYTES 60000

/* What the server sent @connection, as far as it has been read. */
typedef struct {
  GSocketConnection *connection;
  GByteArray *bytes;
  gsize at; /* of the next frame, once the handshake has been read */
} Reading;

static void
read_some (Reading *reading, gsize limit)
{
  guchar piece[16 * 1024];
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (
      G_POLLABLE_INPUT_STREAM (
          g_io_stream_get_input_stream (G_IO_STREAM (reading->connection))),
      piece, MIN (sizeof piece, limit), NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    run_for_ms (1);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpint (n, >, 0);
  g_byte_array_append (reading->bytes, piece, (guint)n);
}

static void
read_to (Reading *reading, gsize end)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_DEFAULT_MS * 1000;

  while (reading->bytes->len < end) {
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    read_some (reading, end - reading->bytes->len);
  }
}

static void
read_handshake (Reading *reading)
{
  const gchar *end = NULL;

  while (!end) {
    read_to (reading, reading->bytes->len + 1);
    end = g_strstr_len (
        (const gchar *)reading->bytes->data, reading->bytes->len, "\r\n\r\n");
  }
  reading->at = reading->bytes->len;
}

/* RFC 6455 section 5.2, without a mask. Returns the length of what is in it. */
static gsize
read_head (Reading *reading, guint *kind)
{
  const guint8 *head;
  gsize length;

  read_to (reading, reading->at + 2);
  length = reading->bytes->data[reading->at + 1];
  g_assert_cmpuint (length, <=, 126); /* else more than 64 KiB, or a mask */
  reading->at += length == 126 ? 4 : 2;
  read_to (reading, reading->at);
  head = reading->bytes->data + reading->at;
  *kind = head[length == 126 ? -4 : -2] & 0xf;
  return length == 126 ? (gsize)(head[-2] << 8 | head[-1]) : length;
}

/* Every frame is whole, up to the last. Returns how many are large. */
static gsize
read_until_close (Reading *reading, guint *code)
{
  gsize n_large = 0;

  while (TRUE) {
    guint kind;
    gsize length = read_head (reading, &kind);
    const guint8 *text;

    read_to (reading, reading->at + length);
    text = reading->bytes->data + reading->at;
    reading->at += length;
    if (kind == 0x8) {
      *code = (guint)(text[0] << 8 | text[1]);
      return n_large;
    }
    g_assert_cmpuint (kind, ==, 0x1);
    g_assert_true (text[0] == '{' && text[length - 1] == '}');
    n_large += length > FILLING_BYTES;
  }
}

static void
test_stops_within_a_frame (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (RoomClient) bob = NULL;
  g_autoptr (GSocketConnection) eve = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree gchar *filling = g_strnfill (FILLING_BYTES, 'x');
  Reading reading = { .bytes = bytes };
  gsize n_said = 0;
  gsize n_heard;
  guint code = 0;
  int size = 1024 * 1024;

  fixture->limits.backlog_bytes = 200 * 1024;
  start (fixture, 0);
  alice = join (fixture);
  bob = join (fixture);
  room_client_hear (alice, "peer-joined");
  eve = join_raw (fixture);
  /* A wide window, so that it can read fast once it reads again. */
  g_socket_set_option (
      g_socket_connection_get_socket (eve), SOL_SOCKET, SO_RCVBUF, size, NULL);
  room_client_hear (alice, "peer-joined");
  room_client_hear (bob, "peer-joined");
  reading.connection = eve;
  read_handshake (&reading);

  for (; !has_dropped_one (fixture) && n_said < 400; n_said++) {
    room_client_say (alice, "{'type':'message','body':'%s'}", filling);
    room_client_hear (bob, "message");
    if (n_said == 0) /* `joined`, and a part of this one */
      read_to (&reading, reading.bytes->len + 2000);
  }
  g_assert_cmpuint (n_said, <, 400);
  room_client_hear_nothing (bob); /* eve may come back and resume */

  n_heard = read_until_close (&reading, &code);
  g_assert_cmpuint (code, ==, 1008);
  /* What had not gone to the kernel was the backlog, and the few that found no
   * place in it until eve was dropped, in an idle moment. */
  g_assert_cmpuint (n_heard, <, n_said);
  g_assert_cmpuint ((n_said - n_heard) * FILLING_BYTES, <=,
      fixture->limits.backlog_bytes + 10 * FILLING_BYTES);
}

/* Parts of one message, RFC 6455 section 5.4: never the last. */
static void
say_without_end (GSocketConnection *connection, guint n_bytes)
{
  static guchar frame[8 + 60000] = { 0x00, 0x80 | 126, 60000 >> 8,
    60000 & 0xff };
  GOutputStream *stream =
      g_io_stream_get_output_stream (G_IO_STREAM (connection));

  for (guint i = 0; i < n_bytes / 60000; i++) {
    frame[0] = i == 0 ? 0x01 : 0x00;
    g_pollable_output_stream_write_nonblocking (
        G_POLLABLE_OUTPUT_STREAM (stream), frame, sizeof frame, NULL, NULL);
    run_for_ms (1);
  }
}

static void
test_endless_message (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (GSocketConnection) eve = NULL;

  start (fixture, 0);
  alice = join (fixture);
  eve = join_raw (fixture);
  room_client_hear (alice, "peer-joined");
  say_without_end (eve, 2000000);
  wait_for_drop (fixture);
  room_client_hear (alice, "peer-left");
  room_client_hear_nothing (alice);
}

static void
test_many_messages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autofree gchar *filling = g_strnfill (60000, 'x');

  start (fixture, 0);
  alice = join (fixture);
  for (guint i = 0; i < 100; i++)
    room_client_say (alice, "{'type':'message','body':'%s'}", filling);
  room_client_hear_nothing (alice);
  g_assert_false (has_dropped_one (fixture));
}

static void
test_slow_reader (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (RoomClient) bob = NULL;
  g_autofree gchar *filling = g_strnfill (60000, 'x');

  fixture->limits.backlog_bytes = 200 * 1024;
  start (fixture, 0);
  alice = join (fixture);
  bob = join (fixture);
  room_client_hear (alice, "peer-joined");
  for (guint i = 0; i < 200; i++) {
    room_client_say (alice, "{'type':'message','body':'%s'}", filling);
    room_client_hear (bob, "message");
  }
  g_assert_false (has_dropped_one (fixture));
}

static void
test_no_pong (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RoomClient) alice = NULL;
  g_autoptr (GSocketConnection) eve = NULL;

  fixture->limits.ping_interval_s = 1;
  start (fixture, 0);
  alice = join (fixture);
  eve = join_raw (fixture);
  room_client_hear (alice, "peer-joined");
  wait_for_drop (fixture);
  room_client_hear_nothing (alice);
}

#define ADD(name, func) \
  g_test_add ("/server-limits/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("who-says-nothing-is-closed", test_silent);
  ADD ("who-joined-in-time-stays", test_joined_in_time);
  ADD ("who-left-the-room-with-its-roles-may-stay-and-ask-again",
      test_out_of_the_room);
  ADD ("who-stays-long-comes-back-for-credentials-and-is-the-same-member",
      test_renewal);
  ADD ("who-floods-is-told-and-then-closed", test_message_flood);
  ADD ("who-connects-too-often-is-told-and-closed", test_connection_flood);
  ADD ("a-full-room-says-so", test_room_full);
  ADD ("who-does-not-read-is-dropped-and-the-others-go-on", test_does_not_read);
  ADD ("who-stops-within-a-frame-is-dropped-between-frames-and-others-go-on",
      test_stops_within_a_frame);
  ADD ("who-reads-gets-more-than-the-backlog-holds", test_slow_reader);
  ADD ("a-message-without-end-is-cut-off", test_endless_message);
  ADD ("many-large-messages-at-once-are-fine", test_many_messages);
  ADD ("who-answers-no-ping-is-dropped-and-the-others-stay", test_no_pong);
  return g_test_run ();
}
