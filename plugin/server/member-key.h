/*
 * Resume keys, and the ids that follow from them. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PEAL_MEMBER_KEY_BYTES 24 /* 192 bits: 32 characters of base64 */

gchar *
peal_member_key_from_bytes (const guchar bytes[PEAL_MEMBER_KEY_BYTES]);
gboolean
peal_member_key_is_well_formed (const gchar *key);
gchar *
peal_member_key_to_id (const gchar *key);

G_END_DECLS
