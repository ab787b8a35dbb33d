/*
 * A member of the room and a peer of gst-plugins-rs' signalling, with at most
 * one session between them at a time. Pure; used by both dialects.
 */
#pragma once

#include "wire/dialect.h"
#include "wire/gstwebrtc.h"

G_BEGIN_DECLS

/**
 * PealGstwebrtcLink:
 * @member_id: what the room's side calls it
 * @peer_id: what their server calls it
 * @is_ours: who speaks through the dialect produces in it: we, through the
 *   client's; the client, through the server's
 * @is_wanted: we start its sessions
 * @is_asking: we asked for a session and none has begun
 * @is_leaving: to be removed at @due_us
 * @session: (nullable): their name of the session that stands
 * @own_session: (nullable): our name of the connection in it
 * @has_offered: the offer in it came from the dialect's owner
 * @only_offers: the other side did not understand an offer
 * @waiting: candidates of ours for a session that has not begun
 * @due_us: when to ask for a session, or to leave; G_MAXINT64: not
 */
typedef struct {
  gchar *member_id;
  gchar *peer_id;
  gboolean is_ours;
  gboolean is_wanted;
  gboolean is_asking;
  gboolean is_leaving;
  gchar *session;
  gchar *own_session;
  gboolean has_offered;
  gboolean only_offers;
  GPtrArray *waiting;
  gint64 due_us;
  gint64 started_us;
  guint n_failures;
} PealGstwebrtcLink;

PealGstwebrtcLink *
peal_gstwebrtc_link_new (
    const gchar *member_id, const gchar *peer_id, gboolean is_ours);
void
peal_gstwebrtc_link_free (PealGstwebrtcLink *self);
void
peal_gstwebrtc_link_begin (
    PealGstwebrtcLink *self, const gchar *session, gint64 now_us);
void
peal_gstwebrtc_link_end (PealGstwebrtcLink *self);
void
peal_gstwebrtc_link_retry (PealGstwebrtcLink *self, gint64 now_us);
void
peal_gstwebrtc_link_leave (PealGstwebrtcLink *self, gint64 now_us);
gboolean
peal_gstwebrtc_link_keep (PealGstwebrtcLink *self, PealMessage *candidate);

void
peal_gstwebrtc_link_say_offer (
    PealGstwebrtcLink *self, PealDialect *dialect, const gchar *sdp);
void
peal_gstwebrtc_link_say_answer (
    PealGstwebrtcLink *self, PealDialect *dialect, const gchar *sdp);
void
peal_gstwebrtc_link_say_candidate (PealGstwebrtcLink *self,
    PealDialect *dialect, const gchar *candidate, gint mline);
void
peal_gstwebrtc_link_say_bye (
    PealGstwebrtcLink *self, PealDialect *dialect, const gchar *reason);

PealGstwebrtcLink *
peal_gstwebrtc_links_find_session (GPtrArray *links, const gchar *session);
PealGstwebrtcLink *
peal_gstwebrtc_links_find_member (GPtrArray *links, const gchar *member_id);
PealGstwebrtcLink *
peal_gstwebrtc_links_find_taken (GPtrArray *links, const gchar *peer_id);
gchar *
peal_gstwebrtc_links_choose_id (GPtrArray *links, const gchar *peer_id);

G_END_DECLS
