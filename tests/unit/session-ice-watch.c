/*
 * When an attempt suspects its servers, and when it gives up.
 */
#include "session/ice-watch.h"

#define S G_USEC_PER_SEC
#define HOST "candidate:1 1 UDP 2015363327 192.0.2.1 50000 typ host"
#define RELAY                                                            \
  "candidate:4 1 UDP 503316991 192.0.2.9 60000 typ relay raddr 0.0.0.0 " \
  "rport 0"

static void
a_young_attempt_is_left_alone (void)
{
  PealIceWatch watch = { .opened_us = S };

  peal_ice_watch_note (&watch, HOST);
  g_assert_false (peal_ice_watch_is_suspicious (&watch, TRUE, 2 * S));
  g_assert_null (peal_ice_watch_find_end (&watch, 2 * S));
}

static void
an_old_one_is_suspicious (void)
{
  PealIceWatch watch = { .opened_us = S };

  peal_ice_watch_note (&watch, RELAY);
  g_assert_true (peal_ice_watch_is_suspicious (&watch, TRUE, 4 * S));
}

static void
a_missing_relay_is_suspicious_at_once (void)
{
  PealIceWatch watch = { .opened_us = S };

  peal_ice_watch_note (&watch, HOST);
  peal_ice_watch_note (&watch, NULL);
  g_assert_true (peal_ice_watch_is_suspicious (&watch, TRUE, S));
  g_assert_false (peal_ice_watch_is_suspicious (&watch, FALSE, S));
  peal_ice_watch_note (&watch, RELAY);
  g_assert_false (peal_ice_watch_is_suspicious (&watch, TRUE, S));
}

static void
no_address_at_all_is_the_end (void)
{
  PealIceWatch watch = { .opened_us = S };

  peal_ice_watch_note (&watch, NULL);
  g_assert_nonnull (peal_ice_watch_find_end (&watch, S));
}

static void
ice_gets_eight_seconds_and_an_answer_fifteen (void)
{
  PealIceWatch watch = { .opened_us = S };

  peal_ice_watch_note (&watch, HOST);
  g_assert_null (peal_ice_watch_find_end (&watch, 15 * S));
  g_assert_nonnull (peal_ice_watch_find_end (&watch, 16 * S));
  watch.described_us = 14 * S;
  g_assert_null (peal_ice_watch_find_end (&watch, 21 * S));
  g_assert_nonnull (peal_ice_watch_find_end (&watch, 22 * S));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ice-watch/a-young-attempt-is-left-alone",
      a_young_attempt_is_left_alone);
  g_test_add_func (
      "/ice-watch/an-old-one-is-suspicious", an_old_one_is_suspicious);
  g_test_add_func ("/ice-watch/a-missing-relay-is-suspicious-at-once",
      a_missing_relay_is_suspicious_at_once);
  g_test_add_func (
      "/ice-watch/no-address-at-all-is-the-end", no_address_at_all_is_the_end);
  g_test_add_func ("/ice-watch/ice-gets-eight-seconds-and-an-answer-fifteen",
      ice_gets_eight_seconds_and_an_answer_fifteen);

  return g_test_run ();
}
