/*
 * What applications say to each other, from JSON that a stranger wrote.
 */
#include "wire/app-body.h"

#include "fuzz.h"
#include "wire/json.h"

const gchar *const fuzz_vectors[] = { "peal-rooms/valid.json", NULL };
const gchar *const fuzz_texts[] = { "{\"text\":\"hello\"}",
  "{\"muted\":{\"audio\":true,\"video\":false}}", "{\"binary\":\"AAEC\"}",
  NULL };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonNode) body =
      peal_json_parse ((const gchar *)data, size, 64 * 1024, NULL);
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_autoptr (JsonNode) own = NULL;
  g_autofree gchar *wire = NULL;

  if (body) {
    wire = peal_app_body_to_wire (body);
    peal_app_body_get_text (body);
  }
  if (g_utf8_validate (text, -1, NULL))
    own = peal_app_body_new (text);
  return 0;
}
