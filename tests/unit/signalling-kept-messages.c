/*
 * What is said while away: kept in order, within bounds.
 */
#include "base/error.h"
#include "signalling/kept-messages.h"

static void
test_order (void)
{
  PealKeptMessages kept;
  g_autoptr (PealMessage) one = peal_message_new_bye ("1", NULL, NULL);
  g_autoptr (PealMessage) two = peal_message_new_bye ("2", NULL, NULL);
  g_autoptr (PealMessage) first = NULL;
  g_autoptr (PealMessage) second = NULL;

  peal_kept_messages_init (&kept);
  g_assert_true (peal_kept_messages_push (&kept, one, 1, NULL));
  g_assert_true (peal_kept_messages_push (&kept, two, 1, NULL));
  first = peal_kept_messages_pop (&kept);
  second = peal_kept_messages_pop (&kept);
  g_assert_true (first == one);
  g_assert_true (second == two);
  g_assert_null (peal_kept_messages_pop (&kept));
}

static void
fill (PealKeptMessages *kept, gsize bytes, guint expected)
{
  g_autoptr (PealMessage) message = peal_message_new_bye ("1", NULL, NULL);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (peal_kept_messages_push (kept, message, bytes, &error))
    n++;
  g_assert_cmpuint (n, ==, expected);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_RETRY);
}

static void
test_bounds (void)
{
  PealKeptMessages kept;
  PealMessage *message;

  peal_kept_messages_init (&kept);
  fill (&kept, 0, PEAL_KEPT_MESSAGES_MAX);
  peal_kept_messages_clear (&kept);
  fill (&kept, 64 * 1024, PEAL_KEPT_MESSAGES_MAX_BYTES / (64 * 1024));
  while ((message = peal_kept_messages_pop (&kept)))
    peal_message_unref (message);
  fill (&kept, 64 * 1024, PEAL_KEPT_MESSAGES_MAX_BYTES / (64 * 1024));
  peal_kept_messages_clear (&kept);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kept-messages/come-back-in-order", test_order);
  g_test_add_func (
      "/kept-messages/are-bounded-by-count-and-bytes", test_bounds);

  return g_test_run ();
}
