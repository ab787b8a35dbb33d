/*
 * The token's file. See token-file.h. Called by the server when it starts.
 */
#include "server/token-file.h"

#include <string.h>

#include "base/error.h"

#define MAX_TOKEN_BYTES                                \
  1024 /* what `join` may carry (peal-rooms-private.h) \
        */

static gchar *
read_line (const gchar *file, const gchar *what, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents (file, &text, NULL, &cause)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot read the %s file: %s", what, cause->message);
    return NULL;
  }
  text[strcspn (text, "\r\n")] = '\0';
  g_strstrip (text);
  if (*text == '\0' || strlen (text) > MAX_TOKEN_BYTES ||
      !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "the first line of the %s file %s is not a %s", what, file, what);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/**
 * peal_token_file_read:
 * @file: (nullable): NULL changes nothing
 * @what: what it is, for the error
 * @secret: (inout) (transfer full): becomes the first line of @file, without
 *   white space around it
 * @error: PEAL_ERROR_USAGE, which does not tell the secret
 */
gboolean
peal_token_file_read (
    const gchar *file, const gchar *what, gchar **secret, GError **error)
{
  gchar *line = file ? read_line (file, what, error) : NULL;

  if (!line)
    return !file;
  g_free (*secret);
  *secret = line;
  return TRUE;
}
