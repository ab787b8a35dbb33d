/*
 * Who is paired with whom, as a table of members and nothing else.
 */
#include "server/pairing.h"

#define MAX_MEMBERS 5

/* Who they are: a client that can have several connections, a raw one, one
 * of gst-examples that waits for a call, and one that calls another. */
#define MANY(since)                          \
  {                                          \
    .is_free = TRUE, .waits_since_us = since \
  }
#define RAW(since)                                                       \
  {                                                                      \
    .has_one_connection = TRUE, .is_free = TRUE, .waits_since_us = since \
  }
#define WAITING(who, since)                                                    \
  {                                                                            \
    .id = who, .has_one_connection = TRUE, .is_called = TRUE, .is_free = TRUE, \
    .waits_since_us = since                                                    \
  }
#define NAMED(who, since)                                                   \
  {                                                                         \
    .id = "id", .name = who, .has_one_connection = TRUE, .is_called = TRUE, \
    .is_free = TRUE, .waits_since_us = since                                \
  }
#define CALLING(who, since)                                                \
  {                                                                        \
    .id = "caller", .calls = who, .is_free = TRUE, .waits_since_us = since \
  }
#define TAKEN                  \
  {                            \
    .has_one_connection = TRUE \
  }
#define NOBODY -1

typedef struct {
  const gchar *sentence;
  PealPairingMember members[MAX_MEMBERS];
  guint n_members;
  gint first;
  gint second;
} Story;

/* clang-format off */
static const Story stories[] = {
  { "the-two-that-waited-longest-are-a-pair",
    { MANY (30), RAW (20), MANY (10), RAW (40) }, 4, 1, 2 },
  { "two-with-a-single-connection-are-a-pair",
    { RAW (20), TAKEN, RAW (10) }, 3, 2, 0 },
  { "of-two-that-waited-as-long-the-first-is-taken",
    { MANY (5), MANY (5), RAW (5) }, 3, 2, 0 },
  { "without-a-single-connection-nobody-is-paired",
    { MANY (1), MANY (2), TAKEN }, 3, NOBODY, NOBODY },
  { "one-that-is-alone-is-not-paired",
    { RAW (1), TAKEN }, 2, NOBODY, NOBODY },
  { "two-that-wait-to-be-called-are-left-alone",
    { WAITING ("ada", 1), WAITING ("bob", 2) }, 2, NOBODY, NOBODY },
  { "a-raw-client-is-a-pair-with-one-that-waits-for-a-call",
    { WAITING ("ada", 1), WAITING ("bob", 2), RAW (3) }, 3, 0, 2 },
  { "who-calls-gets-whom-it-calls",
    { WAITING ("ada", 1), WAITING ("bob", 2), CALLING ("bob", 3) }, 3, 1, 2 },
  { "who-calls-a-name-gets-who-has-it",
    { WAITING ("ada", 1), NAMED ("bob", 2), CALLING ("bob", 3) }, 3, 1, 2 },
  { "who-calls-another-is-nobody-else-s",
    { WAITING ("ada", 1), RAW (2), CALLING ("many", 3) }, 3, 0, 1 },
  { "who-calls-one-that-is-not-there-is-alone",
    { WAITING ("ada", 1), CALLING ("bob", 3) }, 2, NOBODY, NOBODY },
  { "nobody-is-there", { MANY (0) }, 0, NOBODY, NOBODY },
};
/* clang-format on */

static void
choose (gconstpointer data)
{
  const Story *story = data;
  guint first = 9;
  guint second = 9;
  gboolean is_found =
      peal_pairing_choose (story->members, story->n_members, &first, &second);

  g_assert_cmpint (is_found, ==, story->first != NOBODY);
  g_assert_cmpint (first, ==, is_found ? story->first : 9);
  g_assert_cmpint (second, ==, is_found ? story->second : 9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/pairing/%s", stories[i].sentence);

    g_test_add_data_func (path, &stories[i], choose);
  }
  return g_test_run ();
}
