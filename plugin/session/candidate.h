/*
 * Is this ICE candidate one we may hand to libnice? Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chosen: a host with many addresses and several TURN servers stays below. */
#define PEAL_CANDIDATE_LIMIT 100

gboolean
peal_candidate_is_acceptable (const gchar *candidate, const gchar **reason);

G_END_DECLS
