/*
 * Codes in front of texts. See error-text.h. Pure; any thread.
 */
#include "wire/error-text.h"

#include <string.h>

#include "wire/peal-rooms.h"

#define SEPARATOR ": "

/* What ends the wish to join, and nothing else: other texts may be anything. */
static const gchar *const codes[] = { PEAL_ROOMS_UNAUTHORIZED,
  PEAL_ROOMS_ROOM_FULL, PEAL_ROOMS_BAD_ROOM, PEAL_ROOMS_BAD_NAME };

/**
 * peal_error_text_write:
 *
 * Returns: (transfer full): what to say in a protocol without codes
 */
gchar *
peal_error_text_write (const PealMessage *error)
{
  return error->text ? g_strconcat (error->code, SEPARATOR, error->text, NULL)
                     : g_strdup (error->code);
}

/**
 * peal_error_text_read:
 * @text: (nullable): as the server said it
 *
 * Returns: (transfer full): an ERROR with the code in front of @text, or with
 *   PEAL_ERROR_TEXT_UNKNOWN
 */
PealMessage *
peal_error_text_read (const gchar *text)
{
  for (guint i = 0; text && i < G_N_ELEMENTS (codes); i++) {
    gsize length = strlen (codes[i]);

    if (!g_str_has_prefix (text, codes[i]))
      continue;
    if (text[length] == '\0')
      return peal_message_new_error (NULL, codes[i], NULL);
    if (g_str_has_prefix (text + length, SEPARATOR))
      return peal_message_new_error (
          NULL, codes[i], text + length + strlen (SEPARATOR));
  }
  return peal_message_new_error (NULL, PEAL_ERROR_TEXT_UNKNOWN, text);
}
