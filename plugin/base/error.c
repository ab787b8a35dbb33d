/*
 * The one error domain of Peal. Pure.
 */
#include "base/error.h"

G_DEFINE_QUARK (peal - error - quark, peal_error)

/**
 * peal_error_set:
 * @error: (out) (optional): set to @code with @text
 * @text: for people
 *
 * Returns: FALSE, for the caller to return
 */
gboolean
peal_error_set (GError **error, PealError code, const gchar *text)
{
  g_set_error_literal (error, PEAL_ERROR, code, text);
  return FALSE;
}
