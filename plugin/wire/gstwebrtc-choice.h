/*
 * Whom a gstwebrtc client takes from, sends to and starts sessions with; and
 * what it says of itself so that others can choose. Pure; the client's.
 */
#pragma once

#include "wire/gstwebrtc-client.h"

G_BEGIN_DECLS

typedef struct {
  PealGstwebrtcWish wish;
  gchar *own_id;     /* NULL: not welcomed */
  GHashTable *names; /* peer id -> name */
} PealGstwebrtcChoice;

void
peal_gstwebrtc_choice_init (
    PealGstwebrtcChoice *self, const PealGstwebrtcWish *wish);
void
peal_gstwebrtc_choice_clear (PealGstwebrtcChoice *self);
void
peal_gstwebrtc_choice_remember (
    PealGstwebrtcChoice *self, const gchar *peer_id, JsonNode *meta);
void
peal_gstwebrtc_choice_forget (PealGstwebrtcChoice *self, const gchar *peer_id);
const gchar *
peal_gstwebrtc_choice_get_name (
    const PealGstwebrtcChoice *self, const gchar *peer_id);

gboolean
peal_gstwebrtc_choice_produces (const PealGstwebrtcChoice *self);
gboolean
peal_gstwebrtc_choice_takes (const PealGstwebrtcChoice *self);
gboolean
peal_gstwebrtc_choice_is_chosen (
    const PealGstwebrtcChoice *self, const gchar *peer_id);
gboolean
peal_gstwebrtc_choice_starts_with (
    const PealGstwebrtcChoice *self, const gchar *peer_id, JsonNode *meta);
gboolean
peal_gstwebrtc_choice_names_one (const PealGstwebrtcChoice *self);
void
peal_gstwebrtc_choice_tell_silence (
    const PealGstwebrtcChoice *self, gpointer dialect);
void
peal_gstwebrtc_choice_tell_absence (
    const PealGstwebrtcChoice *self, GPtrArray *producers, gpointer dialect);
guint
peal_gstwebrtc_choice_roles (const PealGstwebrtcChoice *self);
JsonNode *
peal_gstwebrtc_choice_make_meta (
    const PealGstwebrtcChoice *self, JsonNode *meta, const gchar *name);

G_END_DECLS
