/*
 * Whose offer counts: two sides, 0 and 1, and a clock that is a number.
 */
#include "server/offer-arbiter.h"

#define SECOND G_USEC_PER_SEC

static gboolean
offer (PealOfferArbiter *arbiter, guint side, const gchar *session, gint64 now)
{
  g_autoptr (PealMessage) message =
      peal_message_new_offer ("from", session, "v=0");

  return peal_offer_arbiter_passes (arbiter, side, message, now);
}

static gboolean
answer (PealOfferArbiter *arbiter, guint side, gint64 now)
{
  g_autoptr (PealMessage) message = peal_message_new_answer ("from", "s", "v");

  return peal_offer_arbiter_passes (arbiter, side, message, now);
}

static gboolean
trickle (PealOfferArbiter *arbiter, guint side, const gchar *session)
{
  g_autoptr (PealMessage) message =
      peal_message_new_candidate ("from", session, "candidate:1", "0", 0);

  return peal_offer_arbiter_passes (arbiter, side, message, 0);
}

static void
test_one_after_the_other (void)
{
  PealOfferArbiter arbiter = { 0 };

  g_assert_true (offer (&arbiter, 0, "first000", 0));
  g_assert_true (trickle (&arbiter, 0, "first000"));
  g_assert_true (answer (&arbiter, 1, 0));
  g_assert_true (offer (&arbiter, 1, "second00", 0));
  g_assert_true (answer (&arbiter, 0, 0));
  peal_offer_arbiter_clear (&arbiter);
}

static void
test_crossed (void)
{
  PealOfferArbiter arbiter = { 0 };

  g_assert_true (offer (&arbiter, 0, "first000", 0));
  g_assert_false (offer (&arbiter, 1, "second00", 1));
  g_assert_false (trickle (&arbiter, 1, "second00"));
  g_assert_true (trickle (&arbiter, 1, "first000"));
  g_assert_false (answer (&arbiter, 0, 2));
  g_assert_true (answer (&arbiter, 1, 3));
  g_assert_cmpint (peal_offer_arbiter_get_deadline (&arbiter), ==, G_MAXINT64);
  peal_offer_arbiter_clear (&arbiter);
}

static void
test_insisted (void)
{
  PealOfferArbiter arbiter = { 0 };
  gint64 deadline_us;

  g_assert_true (offer (&arbiter, 0, "first000", 0));
  g_assert_false (offer (&arbiter, 1, "second00", SECOND));
  g_assert_false (trickle (&arbiter, 1, "second00"));
  deadline_us = peal_offer_arbiter_get_deadline (&arbiter);
  g_assert_cmpint (deadline_us, ==, SECOND + PEAL_OFFER_ARBITER_INSIST_US);
  g_assert_false (peal_offer_arbiter_turn (&arbiter, deadline_us - 1));
  g_assert_true (peal_offer_arbiter_turn (&arbiter, deadline_us));
  g_assert_cmpuint (arbiter.by, ==, 1);
  g_assert_cmpstr (arbiter.pending->session, ==, "second00");
  g_assert_cmpstr (arbiter.swallowed->session, ==, "first000");
  g_assert_cmpuint (arbiter.trickled->len, ==, 1);
  g_assert_false (peal_offer_arbiter_turn (&arbiter, deadline_us * 2));
  g_assert_true (answer (&arbiter, 0, deadline_us));
  peal_offer_arbiter_clear (&arbiter);
}

static void
test_stale (void)
{
  PealOfferArbiter arbiter = { 0 };

  g_assert_true (offer (&arbiter, 0, "first000", 0));
  g_assert_true (
      offer (&arbiter, 1, "second00", PEAL_OFFER_ARBITER_PENDING_US));
  g_assert_cmpuint (arbiter.by, ==, 1);
  peal_offer_arbiter_clear (&arbiter);
}

static void
test_bounded (void)
{
  PealOfferArbiter arbiter = { 0 };

  g_assert_true (offer (&arbiter, 0, "first000", 0));
  for (guint i = 0; i < 2 * PEAL_OFFER_ARBITER_MAX_CANDIDATES; i++)
    g_assert_true (trickle (&arbiter, 0, "first000"));
  g_assert_cmpuint (
      arbiter.trickled->len, ==, PEAL_OFFER_ARBITER_MAX_CANDIDATES);
  peal_offer_arbiter_clear (&arbiter);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/arbiter/offers-one-after-the-other-pass", test_one_after_the_other);
  g_test_add_func ("/arbiter/of-two-that-cross-the-first-counts", test_crossed);
  g_test_add_func (
      "/arbiter/who-does-not-answer-but-insists-is-heard", test_insisted);
  g_test_add_func ("/arbiter/an-old-offer-does-not-count", test_stale);
  g_test_add_func ("/arbiter/candidates-are-kept-up-to-a-bound", test_bounded);
  return g_test_run ();
}
