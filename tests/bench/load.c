/*
 * The load of the signalling bench. See load.h.
 *
 *     bench-load rooms|socketio PORT MEMBERS ROOMS
 *
 * Reads commands from its standard input, and answers each with a line of
 * JSON; `core_percent` is what it used of a core itself:
 *
 *     join             all connect and join, some at a time
 *     relay SECONDS    as many messages as the server takes: in each room one
 *                      member at a time tells the others something, as who
 *                      comes new does, in one write; then the next
 *     offer RATE SECONDS   messages at this rate; how long each took, from
 *                      when it was due, queueing here included
 *
 * One thread; ends with its input.
 */
#include "load.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_SHAKING 100 /* below a listen backlog of 128 */
#define FRAME_BYTES 512
#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct {
  guint first; /* of the room's members */
  guint n;
  guint turn;     /* whose it is to speak */
  guint n_on_way; /* of what it said */
} Room;

LoadCrowd load_crowd;

static Room *rooms;
static guint64 n_relayed;
static gboolean is_flooding;
static GArray *delays; /* of gint32, microseconds */

/* ---- the loop ---- */

static void
take_events (gint64 until_us)
{
  struct epoll_event events[256];
  gint64 wait_us = MAX (until_us - g_get_monotonic_time (), 0);
  struct timespec wait = { wait_us / G_USEC_PER_SEC,
    wait_us % G_USEC_PER_SEC * 1000 };
  int n = epoll_pwait2 (
      load_crowd.epoll, events, G_N_ELEMENTS (events), &wait, NULL);

  for (int i = 0; i < n; i++)
    load_member_read (events[i].data.ptr);
}

static gdouble
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
      (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- join ---- */

static void
run_join (void)
{
  gint64 started_us = g_get_monotonic_time ();
  gdouble cpu = cpu_seconds ();
  guint n_started = 0;
  gdouble seconds;

  while (load_crowd.n_joined < load_crowd.n_members) {
    while (n_started < load_crowd.n_members &&
        n_started - load_crowd.n_joined < MAX_SHAKING)
      load_member_connect (&load_crowd.members[n_started++]);
    take_events (started_us + PATIENCE_US);
    if (g_get_monotonic_time () > started_us + PATIENCE_US) {
      fprintf (stderr, "%u joined\n", load_crowd.n_joined);
      exit (1);
    }
  }
  seconds = (g_get_monotonic_time () - started_us) / 1e6;
  printf ("{\"joined\":%u,\"seconds\":%.4f,\"core_percent\":%.1f}\n",
      load_crowd.n_joined, seconds, (cpu_seconds () - cpu) / seconds * 100);
}

/* ---- relay ---- */

/* Whose turn it is tells everybody else in its room something. */
static void
speak (Room *room)
{
  LoadMember *members = load_crowd.members + room->first;
  gchar frames[16 * FRAME_BYTES];
  gint64 now_us = g_get_monotonic_time ();
  gsize length = 0;

  for (guint i = 0; i < room->n; i++) {
    if (i != room->turn)
      length += load_words_candidate (frames + length, &members[i], now_us);
  }
  room->n_on_way = room->n - 1;
  load_member_write (&members[room->turn], frames, length);
  room->turn = (room->turn + 1) % room->n;
}

static void
on_flooded (LoadMember *to, gint64 due_us)
{
  Room *room = &rooms[to->room];

  n_relayed++;
  if (--room->n_on_way == 0 && is_flooding)
    speak (room);
}

static gboolean
is_quiet (void)
{
  for (guint i = 0; i < load_crowd.n_rooms; i++) {
    if (rooms[i].n_on_way > 0)
      return FALSE;
  }
  return TRUE;
}

static void
run_relay (gdouble seconds)
{
  gint64 started_us = g_get_monotonic_time ();
  gint64 ends_us = started_us + seconds * G_USEC_PER_SEC;
  gdouble cpu = cpu_seconds ();
  gdouble took;

  n_relayed = 0;
  is_flooding = TRUE;
  load_crowd.relayed = on_flooded;
  for (guint i = 0; i < load_crowd.n_rooms; i++)
    speak (&rooms[i]);
  while (g_get_monotonic_time () < ends_us)
    take_events (ends_us);
  took = (g_get_monotonic_time () - started_us) / 1e6;
  printf ("{\"relayed\":%" G_GUINT64_FORMAT
          ",\"per_second\":%.0f,\"core_percent\":%.1f}\n",
      n_relayed, n_relayed / took, (cpu_seconds () - cpu) / took * 100);
  is_flooding = FALSE;
  while (!is_quiet ())
    take_events (ends_us + PATIENCE_US);
}

/* ---- offer ---- */

static void
on_offered (LoadMember *to, gint64 due_us)
{
  gint32 delay_us = g_get_monotonic_time () - due_us;

  g_array_append_val (delays, delay_us);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint32 *)a - *(const gint32 *)b;
}

static gint32
percentile (gdouble percent)
{
  guint at = delays->len * percent / 100;

  return delays->len == 0
      ? -1
      : g_array_index (delays, gint32, MIN (at, delays->len - 1));
}

/* One after the other of all members, to the next in its room. */
static void
say_due (guint n, gint64 due_us)
{
  Room *room = &rooms[n % load_crowd.n_rooms];
  guint from = n / load_crowd.n_rooms % room->n;
  LoadMember *members = load_crowd.members + room->first;
  gchar frame[FRAME_BYTES];

  load_member_write (&members[from], frame,
      load_words_candidate (frame, &members[(from + 1) % room->n], due_us));
}

static void
tell_delays (guint n_said, gdouble seconds, gdouble cpu)
{
  g_array_sort (delays, compare);
  printf ("{\"said\":%u,\"heard\":%u,\"seconds\":%.3f,\"p50_us\":%d,"
          "\"p95_us\":%d,\"p99_us\":%d,\"max_us\":%d,\"core_percent\":%.1f}\n",
      n_said, delays->len, seconds, percentile (50), percentile (95),
      percentile (99), percentile (100), cpu / seconds * 100);
}

static void
run_offer (guint rate, gdouble seconds)
{
  gint64 started_us = g_get_monotonic_time ();
  gdouble cpu = cpu_seconds ();
  guint n_wanted = rate * seconds;
  guint n_said = 0;

  g_array_set_size (delays, 0);
  load_crowd.relayed = on_offered;
  while (delays->len < n_wanted &&
      g_get_monotonic_time () < started_us + PATIENCE_US) {
    gint64 due_us = started_us + (gint64)n_said * G_USEC_PER_SEC / rate;

    if (n_said < n_wanted && due_us <= g_get_monotonic_time ()) {
      say_due (n_said++, due_us);
      continue;
    }
    take_events (n_said < n_wanted ? due_us : started_us + PATIENCE_US);
  }
  tell_delays (n_said, (g_get_monotonic_time () - started_us) / 1e6,
      cpu_seconds () - cpu);
}

/* ---- commands ---- */

static void
run (const gchar *line)
{
  gchar word[16] = "";
  gdouble numbers[2] = { 0 };

  sscanf (line, "%15s %lf %lf", word, &numbers[0], &numbers[1]);
  if (g_str_equal (word, "join"))
    run_join ();
  else if (g_str_equal (word, "relay"))
    run_relay (numbers[0]);
  else if (g_str_equal (word, "offer"))
    run_offer (numbers[0], numbers[1]);
  else
    exit (2);
  fflush (stdout);
}

static void
set_up_crowd (gchar **arguments)
{
  guint per_room;

  load_crowd.dialect =
      g_str_equal (arguments[1], "socketio") ? LOAD_SOCKETIO : LOAD_ROOMS;
  load_crowd.port = atoi (arguments[2]);
  load_crowd.n_rooms = atoi (arguments[4]);
  per_room = atoi (arguments[3]) / load_crowd.n_rooms;
  load_crowd.n_members = per_room * load_crowd.n_rooms;
  load_crowd.members = g_new0 (LoadMember, load_crowd.n_members);
  load_crowd.epoll = epoll_create1 (EPOLL_CLOEXEC);
  rooms = g_new0 (Room, load_crowd.n_rooms);
  for (guint i = 0; i < load_crowd.n_rooms; i++)
    rooms[i] = (Room){ .first = i * per_room, .n = per_room };
  for (guint i = 0; i < load_crowd.n_members; i++)
    load_crowd.members[i].room = i / per_room;
}

/* Between two commands pings are answered. */
static gboolean
wait_for_command (gchar *line, gint size)
{
  struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
    { load_crowd.epoll, POLLIN, 0 } };

  while (poll (fds, G_N_ELEMENTS (fds), -1) > 0) {
    if (fds[0].revents)
      return fgets (line, size, stdin) != NULL;
    take_events (0);
  }
  return FALSE;
}

int
main (int argc, char **argv)
{
  struct rlimit files;
  gchar line[128];

  if (argc != 5) {
    fprintf (stderr, "usage: bench-load rooms|socketio PORT MEMBERS ROOMS\n");
    return 2;
  }
  getrlimit (RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);
  prctl (PR_SET_TIMERSLACK, 1UL); /* so that what is due is not late */
  set_up_crowd (argv);
  delays = g_array_new (FALSE, FALSE, sizeof (gint32));
  while (wait_for_command (line, sizeof line))
    run (line);
  return 0;
}
