/*
 * Which candidates may reach libnice.
 */
#include "session/candidate.h"

#include <string.h>

static const gchar *const good[] = {
  "candidate:1 1 UDP 2122252543 192.0.2.1 49152 typ host",
  "a=candidate:1 1 udp 2122252543 192.0.2.1 49152 typ host",
  "candidate:842163049 1 udp 1677729535 203.0.113.7 60000 typ srflx raddr "
  "10.0.0.1 rport 50000 generation 0 ufrag abcd network-cost 999",
  "candidate:3 1 UDP 100 198.51.100.3 3478 typ relay raddr 0.0.0.0 rport 0",
  "candidate:4 1 UDP 100 198.51.100.3 3478 typ prflx",
  "candidate:1 1 UDP 1 2001:db8::1 9 typ host",
  "candidate:1 1 UDP 1 ::ffff:192.0.2.1 9 typ host",
  "candidate:1 1 UDP 4294967295 192.0.2.1 65535 typ host",
};

static const struct {
  const gchar *candidate;
  const gchar *reason;
} bad[] = {
  { "", "not a candidate" },
  { "candidate", "not a candidate" },
  { "a=mid:0", "not a candidate" },
  { "candidate:", "too few fields" },
  { "candidate:1 1 UDP 1 192.0.2.1 9 typ", "too few fields" },
  { "candidate:1 1 TCP 1 192.0.2.1 9 typ host tcptype active", "not UDP" },
  { "candidate:1 x UDP 1 192.0.2.1 9 typ host", "component" },
  { "candidate:1 257 UDP 1 192.0.2.1 9 typ host", "component" },
  { "candidate:1 1 UDP -1 192.0.2.1 9 typ host", "priority" },
  { "candidate:1 1 UDP 4294967296 192.0.2.1 9 typ host", "priority" },
  { "candidate:1 1 UDP 1 d4a0.local 9 typ host", "IP literal" },
  { "candidate:1 1 UDP 1 www.example.org 9 typ host", "IP literal" },
  { "candidate:1 1 UDP 1 192.0.2.1.5 9 typ host", "IP literal" },
  { "candidate:1 1 UDP 1 192.0.2.1 65536 typ host", "port" },
  { "candidate:1 1 UDP 1 192.0.2.1 0x9 typ host", "port" },
  { "candidate:1 1 UDP 1 192.0.2.1 9 pyt host", "type" },
  { "candidate:1 1 UDP 1 192.0.2.1 9 typ guest", "type" },
  { "candidate:123456789012345678901234567890123 1 UDP 1 192.0.2.1 9 typ host",
      "foundation" },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    const gchar *reason = NULL;

    g_assert_true (peal_candidate_is_acceptable (good[i], &reason));
    g_assert_null (reason);
  }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    const gchar *reason = NULL;

    if (peal_candidate_is_acceptable (bad[i].candidate, &reason))
      g_error ("accepted: %s", bad[i].candidate);
    g_assert_nonnull (strstr (reason, bad[i].reason));
    g_assert_false (peal_candidate_is_acceptable (bad[i].candidate, NULL));
  }
}

static void
test_long (void)
{
  g_autofree gchar *filler = g_strnfill (600, 'x');
  g_autofree gchar *candidate = g_strconcat (good[0], " ", filler, NULL);
  g_autofree gchar *spaces = g_strnfill (400, ' ');
  g_autofree gchar *gaps = g_strconcat ("candidate:", spaces, NULL);

  g_assert_false (peal_candidate_is_acceptable (candidate, NULL));
  g_assert_false (peal_candidate_is_acceptable (gaps, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/candidate/what-browsers-send-passes", test_good);
  g_test_add_func ("/candidate/names-tcp-and-nonsense-do-not", test_bad);
  g_test_add_func ("/candidate/what-is-too-long-does-not", test_long);

  return g_test_run ();
}
