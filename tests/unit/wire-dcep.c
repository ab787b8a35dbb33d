/*
 * Which control messages of a data channel reach webrtcbin.
 */
#include "wire/dcep.h"

#define OPEN_HEAD 0x03, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00
#define assert_valid(...)                                     \
  G_STMT_START                                                \
  {                                                           \
    const guint8 bytes[] = { __VA_ARGS__ };                   \
    g_assert_true (peal_dcep_is_valid (bytes, sizeof bytes)); \
  }                                                           \
  G_STMT_END
#define assert_invalid(...)                                    \
  G_STMT_START                                                 \
  {                                                            \
    const guint8 bytes[] = { __VA_ARGS__ };                    \
    g_assert_false (peal_dcep_is_valid (bytes, sizeof bytes)); \
  }                                                            \
  G_STMT_END

static void
test_whole (void)
{
  assert_valid (0x02);
  assert_valid (OPEN_HEAD, 0, 4, 0, 0, 'p', 'e', 'a', 'l');
  assert_valid (OPEN_HEAD, 0, 0, 0, 0);
  assert_valid (OPEN_HEAD, 0, 1, 0, 2, 'a', 'b', 'c');
}

static void
test_malformed (void)
{
  g_assert_false (peal_dcep_is_valid (NULL, 0));
  assert_invalid (0x00);
  assert_invalid (0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  assert_invalid (0x03);
  assert_invalid (OPEN_HEAD, 0, 0, 0);
  assert_invalid (OPEN_HEAD, 0, 4, 0, 0, 'p', 'e', 'a');
  assert_invalid (OPEN_HEAD, 0, 1, 0, 2, 'a', 'b');
  assert_invalid (OPEN_HEAD, 0xff, 0xff, 0xff, 0xff);
}

static void
test_endless_label (void)
{
  g_autofree guint8 *bytes = g_malloc0 (12 + 2000);

  bytes[0] = 0x03;
  bytes[8] = 2000 >> 8;
  bytes[9] = 2000 & 0xff;
  g_assert_false (peal_dcep_is_valid (bytes, 12 + 2000));
  bytes[8] = 1000 >> 8;
  bytes[9] = 1000 & 0xff;
  g_assert_true (peal_dcep_is_valid (bytes, 12 + 2000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dcep/whole-messages-pass", test_whole);
  g_test_add_func ("/dcep/malformed-ones-do-not", test_malformed);
  g_test_add_func ("/dcep/a-label-is-not-a-document", test_endless_label);

  return g_test_run ();
}
