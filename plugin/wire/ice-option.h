/*
 * STUN and TURN servers as users write them on the command line. Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

gboolean
peal_ice_option_is_valid (const gchar *option);
PealIceServer *
peal_ice_option_to_server (const gchar *option);
gchar *
peal_ice_option_to_gst_uri (const gchar *option);

G_END_DECLS
