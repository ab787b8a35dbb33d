/*
 * Telling systemd that a service is ready, by its socket. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
peal_notify (const gchar *state);

G_END_DECLS
