/*
 * The token's file. See token-file.h. Called by the server when it starts.
 */
#include "server/token-file.h"

#include <string.h>

#include "base/error.h"

#define MAX_TOKEN_BYTES                                \
  1024 /* what `join` may carry (peal-rooms-private.h) \
        */

/**
 * peal_token_file_read:
 *
 * Returns: (transfer full): the first line of @file, without white space
 *   around it; or NULL and PEAL_ERROR_USAGE, which does not tell the token
 */
gchar *
peal_token_file_read (const gchar *file, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents (file, &text, NULL, &cause)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot read the token file: %s", cause->message);
    return NULL;
  }
  text[strcspn (text, "\r\n")] = '\0';
  g_strstrip (text);
  if (*text == '\0' || strlen (text) > MAX_TOKEN_BYTES ||
      !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "the first line of the token file %s is not a token", file);
    return NULL;
  }
  return g_steal_pointer (&text);
}
