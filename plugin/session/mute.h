/*
 * PealMute: which of our media is muted, and how the others are told.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/**
 * PealMute: zero-initialised is nothing muted
 */
typedef struct {
  gboolean is_audio;
  gboolean is_video;
} PealMute;

gboolean
peal_mute_set (
    PealMute *self, GPtrArray *tracks, gboolean is_audio, gboolean is_video);
PealMessage *
peal_mute_tell (const PealMute *self, const gchar *peer_id);

G_END_DECLS
