/*
 * Where a server is to listen.
 */
#include "server/listen-address.h"

#include "fuzz.h"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = { "8080", "127.0.0.1:0", "[::1]:8080",
  "0.0.0.0:8443", ":1", NULL };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealListenAddress) address =
      peal_listen_address_parse (text, &error);

  g_assert_true ((address != NULL) != (error != NULL));
  return 0;
}
