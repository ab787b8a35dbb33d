/*
 * The codec of the raw relay (protocols.md section 3): an offer, an answer or
 * a candidate, from nobody to nobody. Pure; the same in both directions.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* Chosen: a description of 64 KiB, and its escapes. */
#define PEAL_RELAY_MAX_FRAME_BYTES (128 * 1024)

gboolean
peal_relay_decode (
    const gchar *text, gsize length, PealMessage **message, GError **error);
gchar *
peal_relay_encode (const PealMessage *message);

G_END_DECLS
