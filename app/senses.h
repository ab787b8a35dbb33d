/*
 * What a picture shows and what a sound is, for the demo, which checks that
 * the right ones arrive. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealPicture:
 * @rgb: 3 bytes a pixel
 * @stride: bytes from row to row
 */
typedef struct {
  const guint8 *rgb;
  guint width;
  guint height;
  guint stride;
} PealPicture;

gdouble
peal_senses_colour_share (const PealPicture *picture, guint32 colour);
gdouble
peal_senses_light_share (const PealPicture *picture);
guint64
peal_senses_digest (const PealPicture *picture);
gdouble
peal_senses_tone_share (
    const gint16 *samples, guint count, guint rate_hz, gdouble tone_hz);
gdouble
peal_senses_loudness (const gint16 *samples, guint count);

G_END_DECLS
