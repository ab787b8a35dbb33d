/*
 * The negotiation's edges, told as stories of two peers.
 */
#include "session/negotiation.h"

#define N_EVENTS (PEAL_NEGOTIATION_BYE + 1)
#define N_STATES (PEAL_NEGOTIATION_ENDED + 1)

#define handle(negotiation, event) \
  peal_negotiation_handle (negotiation, PEAL_NEGOTIATION_##event)
#define then(negotiation, event, action, now)                           \
  G_STMT_START                                                          \
  {                                                                     \
    g_assert_cmpint (                                                   \
        handle (negotiation, event), ==, PEAL_NEGOTIATION_##action);    \
    g_assert_cmpint ((negotiation)->state, ==, PEAL_NEGOTIATION_##now); \
  }                                                                     \
  G_STMT_END

static void
test_offering (void)
{
  PealNegotiation us = { 0 };

  then (&us, START, OPEN_AND_OFFER, MAKING_OFFER);
  then (&us, OFFER_MADE, SEND_OFFER, OFFERED);
  then (&us, ANSWER, TAKE_ANSWER, STABLE);
}

static void
test_answering (void)
{
  PealNegotiation us = { 0 };

  then (&us, NEW_OFFER, OPEN_AND_ANSWER, MAKING_ANSWER);
  then (&us, ANSWER_MADE, SEND_ANSWER, STABLE);
}

static void
test_second_answer (void)
{
  PealNegotiation us = { .state = PEAL_NEGOTIATION_STABLE };

  then (&us, ANSWER, IGNORE, STABLE);
}

static void
test_answer_to_nothing (void)
{
  PealNegotiation us = { 0 };

  then (&us, ANSWER, REFUSE, IDLE);
  then (&us, OFFER_MADE, REFUSE, IDLE);
  then (&us, ANSWER_MADE, REFUSE, IDLE);
}

static void
test_glare (void)
{
  PealNegotiation polite = { .state = PEAL_NEGOTIATION_OFFERED,
    .is_polite = TRUE };
  PealNegotiation other = { .state = PEAL_NEGOTIATION_OFFERED };

  then (&other, NEW_OFFER, IGNORE, OFFERED);
  then (&polite, NEW_OFFER, OPEN_AND_ANSWER, MAKING_ANSWER);
  then (&polite, ANSWER_MADE, SEND_ANSWER, STABLE);
  then (&other, ANSWER, TAKE_ANSWER, STABLE);
}

/* The peer that drops our offer for one of its own waits for our answer. */
static void
test_counter_offer (void)
{
  for (guint i = 0; i < N_STATES; i++)
    for (gint is_polite = FALSE; is_polite <= TRUE; is_polite++) {
      PealNegotiation us = { .state = (PealNegotiationState)i,
        .is_polite = is_polite };

      then (&us, COUNTER_OFFER, OPEN_AND_ANSWER, MAKING_ANSWER);
    }
}

static void
test_politeness (void)
{
  g_assert_true (peal_negotiation_is_polite ("alice", "bob"));
  g_assert_false (peal_negotiation_is_polite ("bob", "alice"));
  g_assert_true (peal_negotiation_is_polite (NULL, "alice"));
}

static void
test_new_offer_in_a_call (void)
{
  PealNegotiation us = { .state = PEAL_NEGOTIATION_STABLE };

  then (&us, NEW_OFFER, OPEN_AND_ANSWER, MAKING_ANSWER);
  then (&us, NEW_OFFER, OPEN_AND_ANSWER, MAKING_ANSWER);
}

/* webrtcbin 1.22 cannot take it: a new session of ours takes its place. */
static void
test_same_session_again (void)
{
  PealNegotiation us = { .state = PEAL_NEGOTIATION_STABLE };

  then (&us, SAME_OFFER, OPEN_AND_OFFER, MAKING_OFFER);
}

static void
test_asked_to_offer (void)
{
  PealNegotiation us = { .state = PEAL_NEGOTIATION_STABLE };

  then (&us, RENEGOTIATE, OPEN_AND_OFFER, MAKING_OFFER);
  then (&us, RENEGOTIATE, IGNORE, MAKING_OFFER);
  then (&us, OFFER_MADE, SEND_OFFER, OFFERED);
  then (&us, RENEGOTIATE, IGNORE, OFFERED);
}

static void
test_loss (void)
{
  PealNegotiation us = { .state = PEAL_NEGOTIATION_STABLE };

  then (&us, LOST, RECOVER, IDLE);
  then (&us, START, OPEN_AND_OFFER, MAKING_OFFER);
  then (&us, LOST, RECOVER, IDLE);
}

static void
test_bye (void)
{
  PealNegotiation us = { .state = PEAL_NEGOTIATION_STABLE };

  then (&us, BYE, CLOSE, ENDED);
  then (&us, BYE, IGNORE, ENDED);
  then (&us, LOST, IGNORE, ENDED);
  then (&us, ANSWER, REFUSE, ENDED);
  then (&us, NEW_OFFER, OPEN_AND_ANSWER, MAKING_ANSWER);
}

static void
test_every_pair (void)
{
  for (guint state = 0; state < N_STATES; state++) {
    for (guint event = 0; event < N_EVENTS; event++) {
      PealNegotiation us = { .state = state };
      PealNegotiationAction action = peal_negotiation_handle (&us, event);

      g_assert_cmpuint (us.state, <, N_STATES);
      if (action == PEAL_NEGOTIATION_REFUSE)
        g_assert_cmpuint (us.state, ==, state);
      g_assert_nonnull (peal_negotiation_state_to_string (us.state));
      g_assert_nonnull (peal_negotiation_event_to_string (event));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/negotiation/we-offer-and-are-answered", test_offering);
  g_test_add_func (
      "/negotiation/the-peer-offers-and-we-answer", test_answering);
  g_test_add_func (
      "/negotiation/a-second-answer-changes-nothing", test_second_answer);
  g_test_add_func (
      "/negotiation/what-nobody-asked-for-is-refused", test_answer_to_nothing);
  g_test_add_func (
      "/negotiation/of-two-offers-that-cross-one-yields", test_glare);
  g_test_add_func ("/negotiation/an-offer-that-counters-ours-is-no-glare",
      test_counter_offer);
  g_test_add_func ("/negotiation/the-smaller-id-yields", test_politeness);
  g_test_add_func ("/negotiation/an-offer-in-mid-call-begins-afresh",
      test_new_offer_in_a_call);
  g_test_add_func ("/negotiation/an-offer-in-the-same-session-makes-us-offer",
      test_same_session_again);
  g_test_add_func (
      "/negotiation/asked-twice-we-offer-once", test_asked_to_offer);
  g_test_add_func ("/negotiation/what-is-lost-is-recovered", test_loss);
  g_test_add_func (
      "/negotiation/after-a-bye-only-the-peer-begins-again", test_bye);
  g_test_add_func (
      "/negotiation/every-event-has-its-place-or-is-refused", test_every_pair);

  return g_test_run ();
}
