/*
 * Whom the uri names and nobody is: the user is told once, however often the
 * element asks.
 *
 *   exchange (says what their servers say) ── alice (?peer=nobody)
 */
#include <libsoup/soup.h>
#include <string.h>

#include "call-rig.h"
#include "soup-door.h"

#define N_TIMES 3

/* What their server says, and how often it was asked. */
typedef struct {
  SoupServer *server;
  GPtrArray *sockets;
  guint n_asked;
} Exchange;

static void
say (SoupWebsocketConnection *socket, const gchar *text)
{
  g_autofree gchar *quoted = g_strdelimit (g_strdup (text), "'", '"');

  soup_websocket_connection_send_text (socket, quoted);
}

/* ---- gst-plugins-rs' ---- */

/* The list has nobody on it; the next connection asks for it again. In the
 * end somebody comes after all, so that alice has heard all before it. */
static void
answer_list (Exchange *exchange, SoupWebsocketConnection *socket)
{
  say (socket, "{'type':'list','producers':[{'id':'door','meta':null}]}");
  if (++exchange->n_asked < N_TIMES) {
    soup_websocket_connection_close (socket, 1001, "restarting");
    return;
  }
  say (socket,
      "{'type':'peerStatusChanged','roles':['producer'],'meta':null,"
      "'peerId':'nobody'}");
  say (socket, "{'type':'sessionStarted','peerId':'nobody','sessionId':'s'}");
}

static void
on_gstwebrtc_word (SoupWebsocketConnection *socket, gint type, GBytes *message,
    Exchange *exchange)
{
  gsize size;
  const gchar *data = g_bytes_get_data (message, &size);

  if (g_strstr_len (data, (gssize)size, "\"list\""))
    answer_list (exchange, socket);
}

static void
on_gstwebrtc (SoupServer *server, SoupServerMessage *message, const gchar *path,
    SoupWebsocketConnection *socket, gpointer data)
{
  Exchange *exchange = data;

  g_ptr_array_add (exchange->sockets, g_object_ref (socket));
  g_signal_connect (
      socket, "message", G_CALLBACK (on_gstwebrtc_word), exchange);
  say (socket, "{'type':'welcome','peerId':'alice'}");
}

/* ---- gst-examples' ---- */

static void
on_gstexamples_word (SoupWebsocketConnection *socket, gint type,
    GBytes *message, Exchange *exchange)
{
  gsize size;
  const gchar *data = g_bytes_get_data (message, &size);

  if (g_strstr_len (data, (gssize)size, "HELLO"))
    soup_websocket_connection_send_text (socket, "HELLO");
  else if (exchange->n_asked++ < N_TIMES)
    soup_websocket_connection_send_text (
        socket, "ERROR peer 'nobody' not found");
  else
    soup_websocket_connection_send_text (socket, "SESSION_OK");
}

static void
on_gstexamples (SoupServer *server, SoupServerMessage *message,
    const gchar *path, SoupWebsocketConnection *socket, gpointer data)
{
  Exchange *exchange = data;

  g_ptr_array_add (exchange->sockets, g_object_ref (socket));
  g_signal_connect (
      socket, "message", G_CALLBACK (on_gstexamples_word), exchange);
}

/* ---- the story ---- */

typedef struct {
  const gchar *sentence;
  SoupServerWebsocketCallback protocol;
  const gchar *uri;   /* with the port's place in it */
  const gchar *words; /* part of the warning */
} Case;

static const Case cases[] = {
  { "a-gstwebrtc-member-of-both-roles-is-told-once", on_gstwebrtc,
      "gstwebrtc+ws://127.0.0.1:%u/?peer=nobody",
      "no producer with the id \"nobody\"" },
  { "a-gstwebrtc-consumer-is-told-once", on_gstwebrtc,
      "gstwebrtc+ws://127.0.0.1:%u/?role=consumer&peer=nobody",
      "no producer with the id \"nobody\"" },
  { "a-gstwebrtc-listener-is-told-once", on_gstwebrtc,
      "gstwebrtc+ws://127.0.0.1:%u/?role=listener&peer=nobody",
      "no producer with the id \"nobody\"" },
  { "who-calls-by-gst-examples-is-told-once", on_gstexamples,
      "gstexamples+ws://127.0.0.1:%u/?peer=nobody",
      "no peer called \"nobody\" can be called" },
};

static Member *
join_at (const Case *which, guint port)
{
  g_auto (GStrv) parts = g_strsplit (which->uri, "%u", 2);
  g_autofree gchar *uri = g_strdup_printf ("%s%u%s", parts[0], port, parts[1]);
  MemberOptions options = { .name = "alice", .rgb = MEDIA_RED, .uri = uri };

  return member_join_with (NULL, &options);
}

static void
then_one_warning (Member *alice, const gchar *words)
{
  const gchar *text = last_field (alice, "warning", NULL, NULL, "text");

  g_assert_cmpuint (count_events (alice, "warning", NULL), ==, 1);
  if (!strstr (text, words))
    g_error ("'%s' does not say '%s'", text, words);
}

static void
test_case (gconstpointer data)
{
  const Case *which = data;
  Exchange exchange = {
    .server = soup_server_new (NULL, NULL),
    .sockets = g_ptr_array_new_with_free_func (g_object_unref),
  };
  Member *alice;

  soup_server_add_websocket_handler (
      exchange.server, "/", NULL, NULL, which->protocol, &exchange, NULL);
  alice = join_at (which, soup_door_open (exchange.server, 0));
  until (has_event (alice, "peer-joined"));
  g_assert_cmpuint (exchange.n_asked, >=, N_TIMES);
  then_one_warning (alice, which->words);

  member_leave (alice);
  soup_door_close (exchange.server);
  g_ptr_array_unref (exchange.sockets);
  g_object_unref (exchange.server);
}

int
main (int argc, char **argv)
{
  call_rig_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/missed-peer/%s", cases[i].sentence);

    g_test_add_data_func (path, &cases[i], test_case);
  }

  return g_test_run ();
}
