/*
 * When a lost peer is tried again and when it is given up, with times and
 * chances of the test's own.
 */
#include "session/recovery.h"

#define SECONDS(n) ((gint64)((gdouble)(n)*G_USEC_PER_SEC))
#define START SECONDS (1000)
#define NEARLY_ONE 0.999

static void
test_first_at_once (void)
{
  PealRecovery peer = { 0 };

  g_assert_false (peal_recovery_is_due (&peer, START));
  peal_recovery_failed (&peer, START, NEARLY_ONE);
  g_assert_true (peal_recovery_is_due (&peer, START));
  peal_recovery_tried (&peer);
  g_assert_false (peal_recovery_is_due (&peer, START + SECONDS (60)));
}

static void
test_grows (void)
{
  PealRecovery peer = { 0 };
  gint64 last_us = 0;

  peal_recovery_failed (&peer, START, NEARLY_ONE);
  for (guint i = 2; i <= 8; i++) {
    peal_recovery_failed (&peer, START, NEARLY_ONE);
    g_assert_cmpint (peer.retry_us - START, >=, last_us);
    g_assert_cmpint (peer.retry_us - START, <=, SECONDS (15));
    last_us = peer.retry_us - START;
  }
  g_assert_cmpint (last_us, >, SECONDS (10));
}

static void
test_jitter (void)
{
  PealRecovery peer = { 0 };

  for (guint i = 0; i < 4; i++)
    peal_recovery_failed (&peer, START, 0);
  g_assert_true (peal_recovery_is_due (&peer, START));
}

static void
test_opens_too_often (void)
{
  PealRecovery peer = { 0 };

  for (guint i = 0; i < 20; i++)
    g_assert_true (peal_recovery_may_open (&peer, START));
  g_assert_false (peal_recovery_may_open (&peer, START));
  peal_recovery_connected (&peer);
  g_assert_false (peal_recovery_may_open (&peer, START));
  for (guint i = 1; i <= 100; i++)
    g_assert_true (peal_recovery_may_open (&peer, START + SECONDS (i * 0.5)));
  g_assert_false (peal_recovery_may_open (&peer, START + SECONDS (50)));
}

static void
test_restarts_too_often (void)
{
  PealRecovery peer = { 0 };
  guint opened = 0;

  while (peal_recovery_may_restart (&peer, START)) {
    g_assert_true (peal_recovery_may_open (&peer, START));
    opened++;
  }
  g_assert_cmpuint (opened, ==, 10);
  g_assert_false (peal_recovery_is_due (&peer, START));
  g_assert_true (peal_recovery_is_due (&peer, START + SECONDS (1)));
  g_assert_true (peal_recovery_may_restart (&peer, START + SECONDS (1)));
  g_assert_true (peal_recovery_may_open (&peer, START));
}

static void
test_end (void)
{
  PealRecovery peer = { 0 };

  for (guint i = 0; i < 20; i++)
    peal_recovery_failed (&peer, START, NEARLY_ONE);
  g_assert_false (peal_recovery_is_due (&peer, START + SECONDS (3600)));
  peal_recovery_connected (&peer);
  peal_recovery_failed (&peer, START, NEARLY_ONE);
  g_assert_true (peal_recovery_is_due (&peer, START));
}

static void
test_asking (void)
{
  PealRecovery peer = { 0 };

  peal_recovery_asked (&peer, START, 0);
  g_assert_false (peal_recovery_is_due (&peer, START));
  g_assert_true (peal_recovery_is_due (&peer, START + SECONDS (1)));
  for (guint i = 0; i < 20; i++)
    peal_recovery_asked (&peer, START, NEARLY_ONE);
  g_assert_false (peal_recovery_is_due (&peer, START + SECONDS (3600)));
}

static void
test_gone (void)
{
  PealRecovery peer = { 0 };

  peal_recovery_connected (&peer);
  g_assert_true (peal_recovery_is_interruption (&peer));
  peal_recovery_failed (&peer, START, NEARLY_ONE);
  g_assert_false (peal_recovery_is_interruption (&peer));
  peal_recovery_failed (&peer, START + SECONDS (3), NEARLY_ONE);
  g_assert_false (peal_recovery_is_gone (&peer, START + SECONDS (3)));
  g_assert_true (peal_recovery_is_gone (&peer, START + SECONDS (4)));
  peal_recovery_connected (&peer);
  g_assert_false (peal_recovery_is_gone (&peer, START + SECONDS (60)));
}

static void
test_never_connected (void)
{
  PealRecovery peer = { 0 };

  peal_recovery_failed (&peer, START, NEARLY_ONE);
  g_assert_false (peal_recovery_is_interruption (&peer));
  g_assert_false (peal_recovery_is_gone (&peer, START + SECONDS (60)));
}

static void
test_outage (void)
{
  PealRecovery peer = { 0 };

  peal_recovery_connected (&peer);
  peal_recovery_failed (&peer, START, NEARLY_ONE);
  peal_recovery_hold (&peer, START + SECONDS (60));
  g_assert_false (peal_recovery_is_gone (&peer, START + SECONDS (61)));
  g_assert_true (peal_recovery_is_gone (&peer, START + SECONDS (64)));
}

static void
test_hung_up (void)
{
  PealRecovery peer = { 0 };

  peal_recovery_connected (&peer);
  peal_recovery_failed (&peer, START, NEARLY_ONE);
  peal_recovery_ended (&peer);
  peal_recovery_hold (&peer, START + SECONDS (1));
  g_assert_false (peal_recovery_is_due (&peer, START + SECONDS (60)));
  g_assert_false (peal_recovery_is_gone (&peer, START + SECONDS (60)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recovery/the-first-retry-is-at-once", test_first_at_once);
  g_test_add_func (
      "/recovery/later-ones-wait-longer-up-to-a-limit", test_grows);
  g_test_add_func ("/recovery/they-are-spread-from-zero-on", test_jitter);
  g_test_add_func ("/recovery/a-peer-that-never-works-is-left-alone", test_end);
  g_test_add_func ("/recovery/asking-is-not-repeated-at-once", test_asking);
  g_test_add_func (
      "/recovery/one-that-was-connected-is-gone-in-time", test_gone);
  g_test_add_func (
      "/recovery/one-that-never-was-is-not-gone", test_never_connected);
  g_test_add_func (
      "/recovery/time-without-the-room-does-not-count", test_outage);
  g_test_add_func ("/recovery/after-hanging-up-nothing-is-tried", test_hung_up);

  g_test_add_func (
      "/recovery/nobody-opens-connections-without-end", test_opens_too_often);
  g_test_add_func (
      "/recovery/one-that-restarts-too-often-waits", test_restarts_too_often);

  return g_test_run ();
}
