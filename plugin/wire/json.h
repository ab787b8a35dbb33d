/*
 * JSON from strangers: parsed within limits, read by getters that check the
 * type, so that nothing a network sends can reach an assertion or a critical
 * warning of json-glib. Pure.
 *
 * Every getter takes a member that is absent or null as "not given" (the
 * output is untouched and TRUE is returned) and a member of another type or
 * beyond its limit as an error (PEAL_ERROR_PEER).
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* chosen: signalling nests 6 deep; json-glib's parser recurses, so the limit
 * keeps the stack small whatever comes. */
#define PEAL_JSON_MAX_DEPTH 32

JsonNode *
peal_json_parse (
    const gchar *text, gsize length, gsize max_bytes, GError **error);
gchar *
peal_json_to_text (JsonNode *node);
gboolean
peal_json_fits (JsonNode *node, guint max_depth, gsize max_bytes);

gboolean
peal_json_read_string (JsonObject *object, const gchar *name, gsize max_bytes,
    gchar **value, GError **error);
gboolean
peal_json_read_int (JsonObject *object, const gchar *name, gint minimum,
    gint maximum, gint *value, GError **error);
gboolean
peal_json_read_boolean (
    JsonObject *object, const gchar *name, gboolean *value, GError **error);
gboolean
peal_json_read_object (
    JsonObject *object, const gchar *name, JsonObject **value, GError **error);
gboolean
peal_json_read_array (JsonObject *object, const gchar *name, guint max_length,
    JsonArray **value, GError **error);
gboolean
peal_json_has (JsonObject *object, const gchar *name);

G_END_DECLS
