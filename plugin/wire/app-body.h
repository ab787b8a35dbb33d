/*
 * What the bodies of application messages mean between Peal's own clients (the
 * element, the page, the command). Pure.
 *
 * A bare string, or {"kind":"chat","text":TEXT}, is for people to read.
 * {"kind":"mute","audio":BOOL,"video":BOOL} tells what its sender has muted.
 * {"kind":"binary","base64":DATA} are bytes that came over a data channel.
 * Anything else is the application's own.
 *
 * A data channel carries a body as text: a bare string as it is, anything else
 * as JSON; peal_app_body_new() reads it again.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *
peal_app_body_new (const gchar *text);
JsonNode *
peal_app_body_new_mute (gboolean is_audio_muted, gboolean is_video_muted);
JsonNode *
peal_app_body_new_binary (GBytes *bytes);
gchar *
peal_app_body_to_wire (JsonNode *body);
const gchar *
peal_app_body_get_text (JsonNode *body);

G_END_DECLS
