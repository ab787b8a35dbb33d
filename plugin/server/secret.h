/*
 * Secrets that nobody guesses, ids made from them, and comparing them without
 * telling by the time it takes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
peal_secret_new (void);
gboolean
peal_secret_is_well_formed (const gchar *secret);
gchar *
peal_secret_to_id (const gchar *secret);
gboolean
peal_secret_equal (const gchar *secret, const gchar *guess);

G_END_DECLS
