/*
 * PealAttempt: one session between two members: a connection, what goes over
 * it, and the two descriptions. It succeeds once or fails once; a peer makes
 * as many as it needs.
 *
 * Threads: everything on the loop, signals too, with no lock held; a handler
 * may close it.
 */
#pragma once

#include "session/data-channel.h"
#include "session/peer-media.h"
#include "session/settings.h"
#include "stats/ice-path.h"
#include "wire/message.h"

G_BEGIN_DECLS

#define PEAL_TYPE_ATTEMPT (peal_attempt_get_type ())
G_DECLARE_FINAL_TYPE (PealAttempt, peal_attempt, PEAL, ATTEMPT, GObject)

PealAttempt *
peal_attempt_new (const PealSessionSettings *settings, const gchar *peer_id,
    const gchar *session, GError **error);
gboolean
peal_attempt_offer (
    PealAttempt *self, guint min_video, guint min_audio, GError **error);
gboolean
peal_attempt_answer (PealAttempt *self, PealSdp *offer, GError **error);
gboolean
peal_attempt_take_answer (PealAttempt *self, const gchar *text, GError **error);
gboolean
peal_attempt_take_candidate (
    PealAttempt *self, PealMessage *message, GError **error);
void
peal_attempt_send_media (PealAttempt *self);
const gchar *
peal_attempt_get_note (PealAttempt *self);
gboolean
peal_attempt_check (PealAttempt *self, gint64 now_us, GError **error);
void
peal_attempt_close (PealAttempt *self);

gboolean
peal_attempt_has_session (PealAttempt *self, const gchar *session);
gchar *
peal_attempt_dup_trouble (PealAttempt *self);
gboolean
peal_attempt_is_connected (PealAttempt *self);
gint64
peal_attempt_get_opened_us (PealAttempt *self);
const gchar *
peal_attempt_get_ice (PealAttempt *self, PealIcePath *path);
PealDataChannel *
peal_attempt_get_channel (PealAttempt *self);
void
peal_attempt_get_stats (PealAttempt *self);

G_END_DECLS
