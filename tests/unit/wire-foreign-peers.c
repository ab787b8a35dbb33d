/*
 * Who offers, and what becomes of offers that cross, between our end of a
 * foreign room and every kind of peer: calls by the thousand in a time of
 * their own, with random delays, each of which must end with both sides in the
 * same session.
 *
 *   Agent: PealForeignPeers + a session that yields <--delays--> a page or an
 *   Agent
 */
#include "wire/foreign-peers.h"

#include "wire/session-names.h"

#define ROUNDS 1000
#define MS 1000
#define FAST_MS 200
#define SLOW_MS 1500 /* longer than an offer is held */
#define LIMIT_US (30 * G_USEC_PER_SEC)

/**
 * Manners: what a side does with an offer while its own is unanswered
 * @AGENT: what the code under test does
 * @ROLLS_BACK: drops its own without a word, and answers: a page that never
 *   thought of it, in a browser
 * @ANEW: the same; of every other offer that it hears it makes a connection of
 *   its own, also of one that it has heard before
 * @BY_ID: the same if its id is the smaller; otherwise ignores it
 * @IGNORES: ignores it
 */
typedef enum {
  AGENT,
  ROLLS_BACK,
  ANEW,
  BY_ID,
  IGNORES,
} Manners;

typedef struct _World World;

typedef struct {
  World *world;
  Manners manners;
  guint number; /* 0 or 1 */
  const gchar *id;
  const gchar *peer_id;
  PealForeignPeers *peers;
  guint64 offered; /* `o=` of our unanswered offer, 0 is none */
  gchar *session;  /* an Agent's current session */
  guint64 making;  /* `o=` of the offer that is being answered, or 0 */
  guint64 agreed;  /* `o=` of the offer that both should be in, or 0 */
  guint user;      /* the ICE user who answered that, or 0 */
  gint64 busy_us;  /* a page makes one answer after the other */
} Side;

typedef enum { HEAR, OFFER, SEND_OFFER, SEND_ANSWER } What;

typedef struct {
  gint64 at_us;
  guint order;
  What what;
  Side *side;
  PealMessage *message;
  guint64 origin;
  guint user;
} Event;

struct _World {
  Side sides[2];
  GSequence *events;
  gint64 now_us;
  gint64 arrives_us[2]; /* the last message to each: they keep their order */
  guint order;
  guint64 next_origin;
  guint next_user;
  gboolean has_ids;
  gint answer_ms; /* at most, to make an answer */
};

/* ---- events ---- */

static void
event_free (gpointer data)
{
  Event *event = data;

  g_clear_pointer (&event->message, peal_message_unref);
  g_free (event);
}

static gint
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Event *one = a, *other = b;

  if (one->at_us != other->at_us)
    return one->at_us < other->at_us ? -1 : 1;
  return one->order < other->order ? -1 : 1;
}

static Event *
plan (World *world, Side *side, What what, gint64 at_us)
{
  Event *event = g_new0 (Event, 1);

  event->at_us = at_us;
  event->order = world->order++;
  event->what = what;
  event->side = side;
  g_sequence_insert_sorted (world->events, event, compare, NULL);
  return event;
}

static gint64
after_ms (World *world, gint least, gint most)
{
  return world->now_us + (gint64)g_test_rand_int_range (least, most) * MS;
}

static gchar *
make_sdp (guint64 origin, guint user)
{
  return g_strdup_printf ("v=0\r\no=- %" G_GUINT64_FORMAT
                          " 2 IN IP4 0.0.0.0\r\na=ice-ufrag:%u\r\n",
      origin, user);
}

static guint
user_of (const PealMessage *message)
{
  g_autofree gchar *user = peal_sdp_ice_user (message->sdp);

  return (guint)g_ascii_strtoull (user, NULL, 10);
}

static guint64
origin_of (const PealMessage *message)
{
  g_autofree gchar *origin = peal_sdp_origin (message->sdp);

  return g_ascii_strtoull (origin, NULL, 10);
}

static Side *
other_of (Side *side)
{
  return &side->world->sides[1 - side->number];
}

static void
transmit (Side *side, PealMessageKind kind, guint64 origin, guint user)
{
  World *world = side->world;
  Side *other = other_of (side);
  g_autofree gchar *sdp = make_sdp (origin, user);
  gint64 at_us = after_ms (world, 1, 150);
  Event *event;

  at_us = MAX (at_us, world->arrives_us[other->number]);
  event = plan (world, other, HEAR, at_us);
  world->arrives_us[other->number] = at_us;
  event->message = peal_message_new_offer (other->peer_id, NULL, sdp);
  event->message->kind = kind;
}

/* ---- an Agent's session: it gives way to every offer that reaches it ---- */

static guint64
new_origin (World *world)
{
  return world->next_origin += (guint64)g_test_rand_int_range (1, 1000);
}

static void
on_say (gpointer data, PealMessage *message)
{
  Side *side = data;

  if (message->kind == PEAL_MESSAGE_RENEGOTIATE) {
    if (!side->making)
      plan (side->world, side, OFFER, side->world->now_us);
  } else if (message->kind == PEAL_MESSAGE_OFFER) {
    side->offered = 0;
    side->agreed = 0;
    side->making = origin_of (message);
    g_free (side->session);
    side->session = g_strdup (message->session);
    plan (side->world, side, SEND_ANSWER,
        after_ms (side->world, 5, side->world->answer_ms))
        ->origin = side->making;
  } else if (message->kind == PEAL_MESSAGE_ANSWER && side->offered &&
      g_strcmp0 (message->session, side->session) == 0) {
    side->agreed = side->offered;
    side->user = user_of (message);
    side->offered = 0;
  }
}

static void
on_put (gpointer data, PealMessage *message)
{
  transmit (data, message->kind, origin_of (message), 0);
}

static const PealForeignPeersSink sink = { on_say, on_put };

static void
tell_agent (Side *side, PealMessageKind kind, guint64 origin)
{
  g_autofree gchar *sdp = make_sdp (origin, 0);
  g_autoptr (PealMessage) message =
      peal_message_new_offer (side->peer_id, side->session, sdp);

  message->kind = kind;
  peal_foreign_peers_sent (side->peers, message, side->world->now_us);
}

/* ---- both kinds ---- */

static void
begin_offer (Side *side)
{
  guint64 origin = new_origin (side->world);

  if (side->manners != AGENT && (side->offered || side->agreed))
    return;
  side->making = 0;
  side->agreed = 0;
  side->offered = 0;
  g_free (side->session);
  side->session = g_strdup_printf ("own-%" G_GUINT64_FORMAT, origin);
  plan (side->world, side, SEND_OFFER, after_ms (side->world, 1, 100))->origin =
      origin;
}

static gboolean
is_current (Side *side, guint64 origin)
{
  g_autofree gchar *session =
      g_strdup_printf ("own-%" G_GUINT64_FORMAT, origin);

  return g_strcmp0 (session, side->session) == 0;
}

static void
send_offer (Side *side, guint64 origin)
{
  if (!is_current (side, origin) || side->making || side->agreed)
    return;
  side->offered = origin;
  if (side->manners == AGENT)
    tell_agent (side, PEAL_MESSAGE_OFFER, origin);
  transmit (side, PEAL_MESSAGE_OFFER, origin, 0);
}

static void
send_answer (Side *side, guint64 origin, guint user)
{
  if (side->manners != ANEW && side->making != origin)
    return;
  side->making = 0;
  side->agreed = origin;
  side->user = user;
  if (side->manners == AGENT)
    tell_agent (side, PEAL_MESSAGE_ANSWER, origin);
  transmit (side, PEAL_MESSAGE_ANSWER, origin, user);
}

/* ---- a page ---- */

static gboolean
gives_way (Side *side, guint64 origin)
{
  if (!side->offered || side->manners == ROLLS_BACK || side->manners == ANEW)
    return TRUE;
  if (side->manners == IGNORES)
    return FALSE;
  return side->world->has_ids ? g_strcmp0 (side->id, other_of (side)->id) < 0
                              : side->offered < origin;
}

static void
page_answers (Side *side, guint64 origin)
{
  World *world = side->world;
  gint64 work_us = after_ms (world, 5, world->answer_ms) - world->now_us;
  Event *event;

  side->busy_us = MAX (side->busy_us, world->now_us) + work_us;
  event = plan (world, side, SEND_ANSWER, side->busy_us);
  event->origin = origin;
  event->user = side->manners == ANEW ? ++world->next_user : 0;
}

static void
page_hears (Side *side, PealMessage *message)
{
  guint64 origin = origin_of (message);

  if (message->kind == PEAL_MESSAGE_ANSWER) {
    /* An answer when nothing is asked is an InvalidStateError, no more. */
    if (side->offered) {
      side->agreed = side->offered;
      side->user = 0;
    }
    side->offered = 0;
  } else if (gives_way (side, origin)) {
    side->offered = 0;
    side->agreed = 0;
    side->making = origin;
    g_clear_pointer (&side->session, g_free);
    page_answers (side, origin);
  }
}

static void
hear (Side *side, PealMessage *message)
{
  if (side->manners == AGENT)
    peal_foreign_peers_heard (side->peers, message, side->world->now_us);
  else
    page_hears (side, message);
}

/* ---- one call ---- */

static gint64
tick (World *world)
{
  gint64 next_us = G_MAXINT64;

  for (guint i = 0; i < 2; i++)
    if (world->sides[i].peers)
      next_us = MIN (next_us,
          peal_foreign_peers_tick (world->sides[i].peers, world->now_us));
  return next_us;
}

static void
happen (Event *event)
{
  switch (event->what) {
    case HEAR:
      hear (event->side, event->message);
      break;
    case OFFER:
      begin_offer (event->side);
      break;
    case SEND_OFFER:
      send_offer (event->side, event->origin);
      break;
    case SEND_ANSWER:
      send_answer (event->side, event->origin, event->user);
      break;
  }
}

static void
run (World *world)
{
  gint64 tick_us = tick (world);

  while (world->now_us < LIMIT_US) {
    GSequenceIter *first = g_sequence_get_begin_iter (world->events);
    Event *event =
        g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
    gint64 event_us = event ? event->at_us : G_MAXINT64;

    if (MIN (event_us, tick_us) == G_MAXINT64)
      return;
    world->now_us = MIN (event_us, tick_us);
    if (event && event_us <= tick_us) {
      happen (event);
      g_sequence_remove (first);
    }
    tick_us = tick (world);
  }
}

static void
set_up_side (World *world, guint number, Manners manners, const gchar *id,
    const gchar *peer_id, gint64 offer_us)
{
  Side *side = &world->sides[number];

  *side = (Side){ .world = world,
    .manners = manners,
    .number = number,
    .id = id,
    .peer_id = peer_id };
  if (manners == AGENT) {
    side->peers = peal_foreign_peers_new (&sink, side);
    peal_foreign_peers_set_own_id (side->peers, world->has_ids ? id : NULL);
    g_assert_true (peal_foreign_peers_add (side->peers, peer_id, offer_us));
  } else if (offer_us != G_MAXINT64) {
    plan (world, side, OFFER, offer_us);
  }
}

static void
clear_side (Side *side)
{
  g_clear_pointer (&side->peers, peal_foreign_peers_free);
  g_free (side->session);
}

static void
call (Manners manners, gboolean has_ids, gint answer_ms, gint64 own_us,
    gint64 their_us)
{
  gboolean is_small = g_test_rand_bit ();
  const gchar *own = is_small ? "a" : "b", *their = is_small ? "b" : "a";
  World world = { .has_ids = has_ids,
    .answer_ms = answer_ms,
    .events = g_sequence_new (event_free) };

  set_up_side (&world, 0, AGENT, own, their, own_us);
  set_up_side (&world, 1, manners, their, own, their_us);
  run (&world);

  g_assert_cmpuint (world.sides[0].agreed, !=, 0);
  g_assert_cmpuint (world.sides[0].agreed, ==, world.sides[1].agreed);
  g_assert_cmpuint (world.sides[0].user, ==, world.sides[1].user);
  clear_side (&world.sides[0]);
  clear_side (&world.sides[1]);
  g_sequence_free (world.events);
}

static gint64
some_time (gint most_ms)
{
  return (gint64)g_test_rand_int_range (0, most_ms) * MS;
}

/* Both offer, at once or nearly so. */
static void
test_crossing (gconstpointer data)
{
  Manners manners = GPOINTER_TO_INT (data);

  for (guint i = 0; i < ROUNDS; i++) {
    gint64 most = i % 2 ? 600 : 60;

    call (
        manners, TRUE, FAST_MS, some_time ((gint)most), some_time ((gint)most));
    call (manners, FALSE, FAST_MS, some_time ((gint)most),
        some_time ((gint)most));
  }
}

/* Its answer comes when its offer has been taken: a fresh attempt heals it. */
static void
test_slow_page (gconstpointer data)
{
  Manners manners = GPOINTER_TO_INT (data);

  for (guint i = 0; i < ROUNDS; i++)
    call (manners, i % 2, SLOW_MS, some_time (60), some_time (60));
}

static void
test_only_we_offer (gconstpointer data)
{
  for (guint i = 0; i < ROUNDS; i++)
    call (GPOINTER_TO_INT (data), TRUE, FAST_MS, some_time (500), G_MAXINT64);
}

static void
test_only_they_offer (gconstpointer data)
{
  for (guint i = 0; i < ROUNDS; i++)
    call (GPOINTER_TO_INT (data), TRUE, FAST_MS, G_MAXINT64, some_time (500));
}

/* ---- bounds ---- */

static void
ignore (gpointer data, PealMessage *message)
{
}

static void
test_bounds (gconstpointer data)
{
  static const PealForeignPeersSink silent = { ignore, ignore };
  g_autoptr (PealForeignPeers) peers = peal_foreign_peers_new (&silent, NULL);

  for (guint i = 0; i < PEAL_FOREIGN_PEERS_MAX; i++) {
    g_autofree gchar *id = g_strdup_printf ("%u", i);

    g_assert_true (peal_foreign_peers_add (peers, id, G_MAXINT64));
  }
  g_assert_false (peal_foreign_peers_add (peers, "one more", G_MAXINT64));
  g_assert_false (peal_foreign_peers_add (peers, "0", G_MAXINT64));
  g_assert_null (peal_foreign_peers_get_only (peers));
}

static void
test_strangers (gconstpointer data)
{
  static const PealForeignPeersSink silent = { ignore, ignore };
  g_autoptr (PealForeignPeers) peers = peal_foreign_peers_new (&silent, NULL);
  g_autoptr (PealMessage) offer = peal_message_new_offer ("x", NULL, "v=0\r\n");

  peal_foreign_peers_heard (peers, offer, 0);
  peal_foreign_peers_sent (peers, offer, 0);
  g_assert_false (peal_foreign_peers_has (peers, "x"));
  g_assert_true (peal_foreign_peers_add (peers, "y", G_MAXINT64));
  g_assert_cmpstr (peal_foreign_peers_get_only (peers), ==, "y");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/foreign-peers/crossing-with-a-page-that-rolls-back",
      GINT_TO_POINTER (ROLLS_BACK), test_crossing);
  g_test_add_data_func ("/foreign-peers/crossing-with-a-page-that-goes-by-ids",
      GINT_TO_POINTER (BY_ID), test_crossing);
  g_test_add_data_func ("/foreign-peers/crossing-with-a-page-that-never-yields",
      GINT_TO_POINTER (IGNORES), test_crossing);
  g_test_add_data_func ("/foreign-peers/crossing-with-another-of-us",
      GINT_TO_POINTER (AGENT), test_crossing);
  g_test_add_data_func ("/foreign-peers/crossing-with-a-page-that-begins-anew",
      GINT_TO_POINTER (ANEW), test_crossing);
  g_test_add_data_func ("/foreign-peers/crossing-with-a-slow-page",
      GINT_TO_POINTER (ROLLS_BACK), test_slow_page);
  g_test_add_data_func (
      "/foreign-peers/crossing-with-a-slow-page-that-begins-anew",
      GINT_TO_POINTER (ANEW), test_slow_page);
  g_test_add_data_func ("/foreign-peers/a-page-that-only-answers",
      GINT_TO_POINTER (ROLLS_BACK), test_only_we_offer);
  g_test_add_data_func ("/foreign-peers/a-page-that-offers",
      GINT_TO_POINTER (ROLLS_BACK), test_only_they_offer);
  g_test_add_data_func ("/foreign-peers/another-of-us-that-offers",
      GINT_TO_POINTER (AGENT), test_only_they_offer);
  g_test_add_data_func (
      "/foreign-peers/no-more-peers-than-the-bound", NULL, test_bounds);
  g_test_add_data_func (
      "/foreign-peers/strangers-are-not-heard", NULL, test_strangers);
  return g_test_run ();
}
