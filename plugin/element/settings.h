/*
 * What a user can set on a pealbin: one table gives each property its type,
 * range, default and blurb, and its place in a struct.
 *
 * Threads: the owner guards the struct with its object lock.
 */
#pragma once

#include <gst/gst.h>

#include "session/session.h"
#include "signalling/signaller.h"

G_BEGIN_DECLS

typedef struct {
  gchar *uri;
  gchar *room;
  gchar *peer_name;
  gchar *token;
  gchar *stun_server;
  GStrv turn_servers;
  gchar *turn_secret_file;
  gchar *ice_transport_policy;
  gchar *video_codecs;
  gchar *audio_codecs;
  guint min_bitrate;
  guint start_bitrate;
  guint max_bitrate;
  guint latency;
  guint min_latency;
  gchar *certificate;
  gchar *serve;
  gchar *tls_ca_file;
  gboolean no_retry;
  gboolean mute_audio;
  gboolean mute_video;
} PealSettings;

void
peal_settings_install (GObjectClass *class);
void
peal_settings_init (PealSettings *self);
void
peal_settings_copy (const PealSettings *from, PealSettings *self);
void
peal_settings_clear (PealSettings *self);
gboolean
peal_settings_set (PealSettings *self, guint property_id, const GValue *value);
gboolean
peal_settings_get (PealSettings *self, guint property_id, GValue *value);

gboolean
peal_settings_check (const PealSettings *self, GError **error);
PealSignallerConfig *
peal_settings_make_signaller_config (const PealSettings *self);
GStrv
peal_settings_list_codecs (const PealSettings *self, PealMediaKind kind);
gchar *
peal_settings_load_certificate (const PealSettings *self, GError **error);
gboolean
peal_settings_configure_session (
    const PealSettings *self, PealSession *session, GError **error);

#define PEAL_SETTINGS_FIRST_FREE_ID 64

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PealSettings, peal_settings_clear)

G_END_DECLS
