/*
 * A slow and unsteady link: whatever comes by UDP goes on later. Run by
 * latency.py:
 *
 *   latency-link ADDRESS TARGET_PORT DELAY_MS JITTER_MS
 *
 * Prints the port that it listens at on ADDRESS, where the target is, too. Each
 * client gets a socket of its own to the target, so that answers find their way
 * back. A packet waits DELAY_MS, more or less by up to JITTER_MS (uniform, each
 * for itself, so that packets overtake each other as in netem); both ways
 * alike. Seeded, so that each run has the same waits. Ends with its standard
 * input.
 */
#define _GNU_SOURCE /* ppoll */

#include <arpa/inet.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CLIENTS 32
#define MAX_PACKET 2048
#define SEED 42

typedef struct {
  gint64 due_us;
  int socket;
  struct sockaddr_in to;
  gsize size;
  guint8 data[MAX_PACKET];
} Packet;

typedef struct {
  struct sockaddr_in address;
  int socket; /* connected to the target */
} Client;

static struct in_addr own;
static struct sockaddr_in target;
static gint64 delay_us, jitter_us;
static GRand *waits;
static GQueue packets = G_QUEUE_INIT; /* of Packet, by time */
static Client clients[MAX_CLIENTS];
static guint n_clients;

static struct sockaddr_in
local_address (guint port)
{
  return (struct sockaddr_in){
    .sin_family = AF_INET, .sin_port = htons (port), .sin_addr = own
  };
}

static int
open_socket (void)
{
  struct sockaddr_in any = local_address (0);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *)&any, sizeof any) < 0) {
    perror ("latency-link");
    exit (1);
  }
  return fd;
}

static Client *
find_client (const struct sockaddr_in *address)
{
  for (guint i = 0; i < n_clients; i++)
    if (clients[i].address.sin_port == address->sin_port)
      return &clients[i];
  if (n_clients == MAX_CLIENTS)
    return NULL;

  clients[n_clients] = (Client){ *address, open_socket () };
  return &clients[n_clients++];
}

static gint
by_time (gconstpointer a, gconstpointer b, gpointer data)
{
  const Packet *one = a, *other = b;

  return one->due_us < other->due_us ? -1 : 1;
}

static void
hold (Packet *packet, int through, const struct sockaddr_in *to)
{
  packet->socket = through;
  packet->to = *to;
  packet->due_us = g_get_monotonic_time () + delay_us +
      g_rand_int_range (waits, -jitter_us, jitter_us + 1);
  g_queue_insert_sorted (&packets, packet, by_time, NULL);
}

/* @client: whose answers these are; NULL: from any client. */
static void
receive (int listener, Client *client)
{
  for (;;) {
    g_autofree Packet *packet = g_new (Packet, 1);
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t size = recvfrom (client ? client->socket : listener, packet->data,
        MAX_PACKET, 0, (struct sockaddr *)&from, &length);
    Client *sender = client;

    if (size < 0)
      return;
    packet->size = size;
    if (client)
      hold (g_steal_pointer (&packet), listener, &client->address);
    else if ((sender = find_client (&from)))
      hold (g_steal_pointer (&packet), sender->socket, &target);
  }
}

static void
send_due (void)
{
  gint64 now_us = g_get_monotonic_time ();
  Packet *packet;

  while ((packet = g_queue_peek_head (&packets)) && packet->due_us <= now_us) {
    g_queue_pop_head (&packets);
    (void)!sendto (packet->socket, packet->data, packet->size, 0,
        (struct sockaddr *)&packet->to, sizeof packet->to);
    g_free (packet);
  }
}

/* Until a packet comes or is due; returns whether standard input is open. */
static gboolean
wait (int listener, struct pollfd *fds)
{
  Packet *next = g_queue_peek_head (&packets);
  gint64 rest_us =
      next ? MAX (0, next->due_us - g_get_monotonic_time ()) : G_USEC_PER_SEC;
  struct timespec rest = { rest_us / G_USEC_PER_SEC,
    rest_us % G_USEC_PER_SEC * 1000 };

  fds[0] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
  fds[1] = (struct pollfd){ listener, POLLIN, 0 };
  for (guint i = 0; i < n_clients; i++)
    fds[2 + i] = (struct pollfd){ clients[i].socket, POLLIN, 0 };
  ppoll (fds, 2 + n_clients, &rest, NULL);

  return fds[0].revents == 0;
}

int
main (int argc, char **argv)
{
  int listener;
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  struct pollfd fds[2 + MAX_CLIENTS];

  if (argc != 5 || !inet_aton (argv[1], &own))
    return 2;
  listener = open_socket ();
  target = local_address (atoi (argv[2]));
  delay_us = atoi (argv[3]) * G_TIME_SPAN_MILLISECOND;
  jitter_us = atoi (argv[4]) * G_TIME_SPAN_MILLISECOND;
  waits = g_rand_new_with_seed (SEED);
  getsockname (listener, (struct sockaddr *)&address, &length);
  printf ("port %u\n", ntohs (address.sin_port));
  fflush (stdout);
  while (wait (listener, fds)) {
    guint n = n_clients;

    send_due ();
    receive (listener, NULL);
    for (guint i = 0; i < n; i++)
      receive (listener, &clients[i]);
  }
  return 0;
}
