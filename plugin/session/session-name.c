/*
 * Names of sessions. See session-name.h. No state.
 */
#include "session/session-name.h"

#define SESSION_WORDS 3 /* of 32 bits: 16 characters of base64 */

/**
 * peal_session_name_make:
 *
 * Returns: (transfer full): a random session name of 16 characters
 */
gchar *
peal_session_name_make (void)
{
  guint32 random[SESSION_WORDS];
  gchar *text;

  for (guint i = 0; i < SESSION_WORDS; i++)
    random[i] = g_random_int ();
  text = g_base64_encode ((const guchar *)random, sizeof (random));

  return g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
}
