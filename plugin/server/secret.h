/*
 * Keys that nobody guesses, and comparing secrets without telling by the time
 * it takes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
peal_secret_new_key (void);
gboolean
peal_secret_equal (const gchar *secret, const gchar *guess);

G_END_DECLS
