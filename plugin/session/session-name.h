/*
 * Names for the sessions that this side begins. Called by the connector.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *
peal_session_name_make (void);

G_END_DECLS
