/*
 * The element's messages as JSON events and as sentences. Pure.
 */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *
peal_event_from_structure (const GstStructure *message);
gchar *
peal_event_to_sentence (const GstStructure *message);
gchar *
peal_event_clean_text (const gchar *text);
JsonNode *
peal_event_new_warning (const gchar *message);
JsonNode *
peal_event_new_error (const gchar *message, gint exit_status);

G_END_DECLS
