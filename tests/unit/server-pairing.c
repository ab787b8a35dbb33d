/*
 * Who is paired with whom, as a table of members and nothing else.
 */
#include "server/pairing.h"

static void
test_longest (void)
{
  const PealPairingMember members[] = {
    { FALSE, TRUE, 30 },
    { TRUE, TRUE, 20 },
    { FALSE, TRUE, 10 },
    { TRUE, TRUE, 40 },
  };
  guint first = 9;
  guint second = 9;

  g_assert_true (peal_pairing_choose (members, 4, &first, &second));
  g_assert_cmpuint (first, ==, 1);
  g_assert_cmpuint (second, ==, 2);
}

static void
test_two_singles (void)
{
  const PealPairingMember members[] = {
    { TRUE, TRUE, 20 },
    { FALSE, FALSE, 0 },
    { TRUE, TRUE, 10 },
  };
  guint first = 9;
  guint second = 9;

  g_assert_true (peal_pairing_choose (members, 3, &first, &second));
  g_assert_cmpuint (first, ==, 2);
  g_assert_cmpuint (second, ==, 0);
}

static void
test_nobody (void)
{
  const PealPairingMember members[] = {
    { FALSE, TRUE, 1 },
    { FALSE, TRUE, 2 },
    { TRUE, FALSE, 3 },
  };
  const PealPairingMember alone[] = { { TRUE, TRUE, 1 }, { FALSE, FALSE, 1 } };
  guint first = 9;
  guint second = 9;

  g_assert_false (peal_pairing_choose (members, 3, &first, &second));
  g_assert_false (peal_pairing_choose (alone, 2, &first, &second));
  g_assert_cmpuint (first, ==, 9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/pairing/the-two-that-waited-longest-are-a-pair", test_longest);
  g_test_add_func (
      "/pairing/two-with-a-single-connection-are-a-pair", test_two_singles);
  g_test_add_func (
      "/pairing/without-a-single-or-a-free-one-nobody-is-paired", test_nobody);
  return g_test_run ();
}
