/*
 * ICE candidates, before libnice sees them.
 */
#include "session/candidate.h"

#include "fuzz.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = {
  "candidate:1 1 UDP 2122252543 192.0.2.1 49152 typ host",
  "a=candidate:2 1 udp 1 2001:db8::1 9 typ srflx raddr 0.0.0.0 rport 0",
  "candidate:3 1 tcp 1 192.0.2.1 9 typ host tcptype active",
  "candidate:4 1 udp 1 0f3b.local 9 typ host generation 0 ufrag ab", NULL
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  const gchar *reason = NULL;

  if (!peal_candidate_is_acceptable (text, &reason))
    g_assert_nonnull (reason);
  return 0;
}
