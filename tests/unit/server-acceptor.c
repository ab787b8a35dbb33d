/*
 * The port: those who come all at once while nobody takes them.
 *
 *   500 clients ── acceptor, whose main context does not run yet
 */
#include "server/acceptor.h"

#include <poll.h>

#include "wait.h"

/* Far more than the usual 128; the join storm is as large as the
 * kernel lets it be. */
#define N_CLIENTS 500
/* A kernel that finds the line full drops the question; it is asked again
 * after 1 s (RFC 6298 section 2). */
#define AT_ONCE_MS 800

static guint
read_kernel_limit (void)
{
  g_autofree gchar *text = NULL;

  g_file_get_contents ("/proc/sys/net/core/somaxconn", &text, NULL, NULL);
  return text ? (guint)g_ascii_strtoull (text, NULL, 10) : 0;
}

static GSocket *
begin_to_connect (guint port)
{
  GSocket *socket = g_socket_new (
      G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", port);

  g_assert_nonnull (socket);
  g_socket_set_blocking (socket, FALSE);
  g_socket_connect (socket, address, NULL, NULL);
  return socket;
}

static void
on_accepted (PealAcceptor *acceptor, GIOStream *stream, GSocketAddress *local,
    GSocketAddress *remote, guint *n_accepted)
{
  (*n_accepted)++;
}

static PealAcceptor *
open_acceptor (guint *port, guint *n_accepted)
{
  PealAcceptor *acceptor = peal_acceptor_new (NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  g_signal_connect (acceptor, "accepted", G_CALLBACK (on_accepted), n_accepted);
  peal_acceptor_open (acceptor, address, port, &error);
  g_assert_no_error (error);
  return acceptor;
}

static guint
count_connected (GPtrArray *clients, gint64 end_us)
{
  guint n_connected = 0;

  for (guint i = 0; i < clients->len; i++) {
    gint64 left_us = MAX (end_us - g_get_monotonic_time (), 0);

    if (g_socket_condition_timed_wait (
            g_ptr_array_index (clients, i), G_IO_OUT, left_us, NULL, NULL))
      n_connected++;
  }
  return n_connected;
}

static gboolean
all_are_taken (gpointer n_accepted)
{
  return *(guint *)n_accepted == N_CLIENTS;
}

static void
test_storm (void)
{
  g_autoptr (GPtrArray) clients =
      g_ptr_array_new_with_free_func (g_object_unref);
  guint port;
  guint n_accepted = 0;
  g_autoptr (PealAcceptor) acceptor = NULL;
  gint64 end_us;

  if (read_kernel_limit () < N_CLIENTS) {
    g_test_skip ("this kernel's lines are short: net.core.somaxconn");
    return;
  }
  acceptor = open_acceptor (&port, &n_accepted);
  end_us = g_get_monotonic_time () + AT_ONCE_MS * 1000;
  for (guint i = 0; i < N_CLIENTS; i++)
    g_ptr_array_add (clients, begin_to_connect (port));
  g_assert_cmpuint (count_connected (clients, end_us), ==, N_CLIENTS);
  wait_for (all_are_taken, &n_accepted);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acceptor/a-storm-of-clients-waits-in-line", test_storm);
  return g_test_run ();
}
