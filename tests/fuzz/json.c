/*
 * JSON from strangers: what is read can be written. It is not always read
 * again: json-glib refuses some numbers as it writes them, like -2e+53.
 */
#include "wire/json.h"

#include <string.h>

#include "fuzz.h"

#define MAX_BYTES (64 * 1024)

const gchar *const fuzz_vectors[] = { "peal-rooms/valid.json",
  "peal-rooms/invalid.json", NULL };
const gchar *const fuzz_texts[] = { "[1,-2.5e3,true,null,\"\\u00e9\"]", NULL };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonNode) node =
      peal_json_parse ((const gchar *)data, size, MAX_BYTES, NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autofree gchar *text = NULL;

  if (!node)
    return 0;
  text = peal_json_to_text (node);
  again = peal_json_parse (text, strlen (text), 8 * MAX_BYTES, NULL);
  return 0;
}
