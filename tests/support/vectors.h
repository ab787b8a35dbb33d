/*
 * Golden messages from tests/vectors, and what a codec must survive: each of
 * them cut off anywhere and with any byte spoilt, and garbage.
 */
#pragma once

#include <json-glib/json-glib.h>

typedef void (*VectorFunc) (JsonObject *vector);
typedef void (*SurviveFunc) (const gchar *text, gsize length);

void
vectors_for_each (const gchar *file, VectorFunc func);
void
vectors_survive (const gchar *file, const gchar *member, SurviveFunc survive);
void
vectors_survive_garbage (const gchar *alphabet, SurviveFunc survive);
