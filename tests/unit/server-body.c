/*
 * Bodies of HTTP requests: what nobody wants is not kept, whatever its size.
 *
 *   eve (sends without end) --- server, all in this thread
 */
#include <malloc.h>
#include <string.h>

#include "room-client.h"
#include "server-here.h"
#include "wait.h"

typedef struct {
  PealServer *server;
  gchar *base;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = server_here_new (NULL, NULL);
  fixture->base = g_strdup_printf (
      "http://127.0.0.1:%u", peal_server_get_port (fixture->server));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  server_here_free (fixture->server);
  g_free (fixture->base);
}

#define LONG_BODY_BYTES (24 * 1024 * 1024)
#define PART_HEAD "10000\r\n" /* 64 KiB, RFC 9112 section 7.1 */
#define PART_BYTES (7 + 0x10000 + 2)

/* As fast as the server reads, in this very thread. */
static void
write_all (GSocketConnection *connection, const gchar *bytes, gsize length)
{
  GPollableOutputStream *stream = G_POLLABLE_OUTPUT_STREAM (
      g_io_stream_get_output_stream (G_IO_STREAM (connection)));
  gint64 end_us = g_get_monotonic_time () + WAIT_DEFAULT_MS * 1000;
  gssize n;

  while (length > 0) {
    n = g_pollable_output_stream_write_nonblocking (
        stream, bytes, length, NULL, NULL);
    bytes += MAX (n, 0);
    length -= MAX (n, 0);
    g_main_context_iteration (NULL, FALSE);
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
  }
}

static gsize
count_allocated (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

/* A body in parts, of which nobody knows the size, and never the last part. */
static void
check_is_not_kept (Fixture *fixture, const gchar *method, const gchar *path)
{
  g_autoptr (GSocketConnection) eve =
      room_socket_open (peal_server_get_port (fixture->server));
  g_autofree gchar *head =
      g_strdup_printf ("%s %s HTTP/1.1\r\nHost: x\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n",
          method, path);
  g_autofree gchar *part = g_strnfill (PART_BYTES, 'x');
  gsize before = count_allocated ();

  memcpy (part, PART_HEAD, 7);
  memcpy (part + PART_BYTES - 2, "\r\n", 2);
  write_all (eve, head, strlen (head));
  for (guint i = 0; i < LONG_BODY_BYTES / 0x10000; i++)
    write_all (eve, part, PART_BYTES);
  g_test_message (
      "%s %s: %zd bytes", method, path, (gssize)(count_allocated () - before));
  g_assert_cmpuint (count_allocated (), <, before + LONG_BODY_BYTES / 8);
}

static void
test_long_body (Fixture *fixture, gconstpointer data)
{
  static const gchar *const paths[] = { "/", "/lobby", "/web/main.js",
    "/healthz", "/metrics", "/ws", "/relay/room", "/socket.io/",
    "/socket.io/?EIO=4&transport=polling" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    check_is_not_kept (fixture, "POST", paths[i]);
    check_is_not_kept (fixture, "GET", paths[i]);
  }
  check_is_not_kept (fixture, "OPTIONS", "/socket.io/?EIO=4&transport=polling");
  check_is_not_kept (fixture, "OPTIONS", "*");
}

/* Also of a session that may post: it has to say first how much it will be. */
static void
test_long_post (Fixture *fixture, gconstpointer data)
{
  static const gchar path[] = "/socket.io/?EIO=4&transport=polling";
  g_autofree gchar *url = NULL;
  g_autofree gchar *session = NULL;
  g_autoptr (RoomAnswer) open = NULL;
  g_autoptr (JsonNode) words = NULL;

  url = g_strconcat (fixture->base, path, NULL);
  open = room_http_ask ("GET", url, NULL, NULL);
  words = json_from_string (open->body + 1, NULL);
  session = g_strconcat (path, "&sid=",
      json_object_get_string_member (json_node_get_object (words), "sid"),
      NULL);
  check_is_not_kept (fixture, "POST", session);
  check_is_not_kept (fixture, "GET", session);
}

#define ADD(name, func) \
  g_test_add ("/server-body/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-body-that-nobody-wants-is-not-kept", test_long_body);
  ADD ("a-post-that-does-not-say-its-size-is-not-kept", test_long_post);
  return g_test_run ();
}
