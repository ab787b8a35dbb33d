/*
 * What the protocol's error codes mean, in words for people. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const gchar *
peal_room_error_text (const gchar *code);

G_END_DECLS
