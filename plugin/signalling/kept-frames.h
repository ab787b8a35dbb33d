/*
 * PealKeptFrames: what was said while the connection was away, kept in order
 * and within bounds until it is known whether it still makes sense. Pure.
 */
#pragma once

#include <glib.h>

#include "wire/message.h"

G_BEGIN_DECLS

/* Chosen: offers, answers and candidates of a full room for the 30 s in which
 * a lost member can come back (protocols.md, section 1). */
#define PEAL_KEPT_FRAMES_MAX 256
#define PEAL_KEPT_FRAMES_MAX_BYTES (512 * 1024)

/**
 * PealKeptFrames:
 *
 * A value; its fields are private.
 */
typedef struct {
  GQueue frames; /* of gchar* */
  gsize bytes;
} PealKeptFrames;

void
peal_kept_frames_init (PealKeptFrames *self);
void
peal_kept_frames_clear (PealKeptFrames *self);
gboolean
peal_kept_frames_push (
    PealKeptFrames *self, const gchar *frame, GError **error);
gchar *
peal_kept_frames_pop (PealKeptFrames *self);

G_END_DECLS
