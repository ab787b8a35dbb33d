/*
 * Who stays when the room comes back without it, with times of the test's own.
 */
#include "session/membership.h"

#define SECONDS(n) ((gint64)((gdouble)(n)*G_USEC_PER_SEC))
#define START SECONDS (1000)

typedef struct {
  PealSessionSettings settings;
  PealMembership *members;
} Room;

static void
comes (Room *room, const gchar *id)
{
  g_autoptr (PealMember) member = peal_member_new (id, id, NULL, TRUE);

  peal_membership_add (room->members, peal_peer_new (&room->settings, member));
}

static void
leaves (Room *room, const gchar *id)
{
  g_autoptr (PealPeer) peer = peal_membership_steal (room->members, id);

  peal_peer_close (peer);
}

/* Bob was there when the room was lost. */
static void
given_a_room (Room *room)
{
  *room = (Room){ .members = peal_membership_new () };
  room->settings.own_id = g_strdup ("alice");
  comes (room, "bob");
  peal_membership_unlist_all (room->members, START);
}

static void
then_it_ends (Room *room)
{
  peal_membership_for_each (room->members, NULL, peal_peer_close);
  peal_membership_free (room->members);
  g_free (room->settings.own_id);
}

static gboolean
is_overdue (Room *room, gdouble seconds)
{
  return peal_membership_is_overdue (
      room->members, "bob", START + SECONDS (seconds));
}

static void
test_another_id (void)
{
  Room room;

  given_a_room (&room);
  comes (&room, "bob-again");
  g_assert_false (is_overdue (&room, 29.9));
  g_assert_true (is_overdue (&room, 30));
  g_assert_false (peal_membership_is_overdue (
      room.members, "bob-again", START + SECONDS (60)));
  leaves (&room, "bob");
  g_assert_false (is_overdue (&room, 60));
  then_it_ends (&room);
}

static void
test_nobody_new (void)
{
  Room room;

  given_a_room (&room);
  g_assert_true (peal_membership_is_unlisted (room.members, "bob"));
  g_assert_false (is_overdue (&room, 3600));
  then_it_ends (&room);
}

static void
test_listed_again (void)
{
  Room room;

  given_a_room (&room);
  comes (&room, "carol");
  peal_membership_list_again (room.members, "bob");
  g_assert_false (is_overdue (&room, 60));
  then_it_ends (&room);
}

static void
test_lost_again (void)
{
  Room room;

  given_a_room (&room);
  comes (&room, "carol");
  peal_membership_unlist_all (room.members, START + SECONDS (20));
  comes (&room, "dave");
  g_assert_false (is_overdue (&room, 49.9));
  g_assert_true (is_overdue (&room, 50));
  then_it_ends (&room);
}

static void
test_old_acquaintance (void)
{
  Room room;

  given_a_room (&room);
  comes (&room, "carol");
  peal_membership_remember (
      room.members, peal_membership_find (room.members, "carol"));
  leaves (&room, "carol");
  peal_membership_unlist_all (room.members, START);
  comes (&room, "carol");
  g_assert_false (is_overdue (&room, 60));
  then_it_ends (&room);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/membership/who-came-back-under-another-id-goes-after-thirty-seconds",
      test_another_id);
  g_test_add_func ("/membership/who-is-not-listed-stays-while-nobody-new-comes",
      test_nobody_new);
  g_test_add_func ("/membership/who-is-listed-again-stays", test_listed_again);
  g_test_add_func ("/membership/a-room-that-is-lost-again-is-waited-for-anew",
      test_lost_again);
  g_test_add_func ("/membership/one-that-was-lost-and-is-back-is-nobody-new",
      test_old_acquaintance);

  return g_test_run ();
}
