/*
 * Who is there, as the server tells it a gst-plugins-rs client, and what the
 * client is itself. Pure; the gstwebrtc server's.
 */
#pragma once

#include "wire/dialect.h"
#include "wire/gstwebrtc.h"

G_BEGIN_DECLS

/**
 * PealGstwebrtcRoster:
 * @own_id: (transfer none): the client's
 * @roles: the client's
 * @meta: (nullable): the client's
 * @members: id -> PealMember
 */
typedef struct {
  const gchar *own_id;
  guint roles;
  JsonNode *meta;
  GHashTable *members;
  gboolean is_in; /* the client is in the room */
  gboolean owes_status;
  gboolean owes_list;
  gboolean owes_consumers;
} PealGstwebrtcRoster;

void
peal_gstwebrtc_roster_init (PealGstwebrtcRoster *self);
void
peal_gstwebrtc_roster_clear (PealGstwebrtcRoster *self);
gboolean
peal_gstwebrtc_roster_produces (const PealGstwebrtcRoster *self);
gboolean
peal_gstwebrtc_roster_waits (const PealGstwebrtcRoster *self);
gboolean
peal_gstwebrtc_roster_starts_itself (const PealGstwebrtcRoster *self);
gboolean
peal_gstwebrtc_roster_is_producer (const PealMember *member);
PealMessage *
peal_gstwebrtc_roster_make_join (const PealGstwebrtcRoster *self);

void
peal_gstwebrtc_roster_set_status (PealGstwebrtcRoster *self,
    PealDialect *dialect, PealGstwebrtcMessage *message);
void
peal_gstwebrtc_roster_ask (PealGstwebrtcRoster *self, PealDialect *dialect,
    PealGstwebrtcKind question);
void
peal_gstwebrtc_roster_enter (
    PealGstwebrtcRoster *self, PealDialect *dialect, GPtrArray *members);
void
peal_gstwebrtc_roster_leave (PealGstwebrtcRoster *self);
void
peal_gstwebrtc_roster_add (
    PealGstwebrtcRoster *self, PealDialect *dialect, const PealMember *member);
void
peal_gstwebrtc_roster_remove (
    PealGstwebrtcRoster *self, PealDialect *dialect, const gchar *id);

G_END_DECLS
