/*
 * What a picture shows and what a sound is. Shares, not yes or no: a browser
 * that joins takes a part of the grid and of the mix. Pure.
 */
#include "app/senses.h"

#include <math.h>
#include <stdlib.h>

/* Encoding and colour conversion move a channel by less than that. */
#define COLOUR_TOLERANCE 48
/* A pixel counts as lit above video black with some noise. */
#define LIGHT_FLOOR 40
/* FNV-1a, 64 bit. */
#define FNV_START G_GUINT64_CONSTANT (14695981039346656037)
#define FNV_PRIME G_GUINT64_CONSTANT (1099511628211)

static const guint8 *
get_pixel (const PealPicture *picture, guint x, guint y)
{
  return picture->rgb + y * picture->stride + x * 3;
}

/**
 * peal_senses_colour_share:
 * @picture: a picture
 * @colour: 0xRRGGBB
 *
 * Returns: the share of its pixels that have about that colour, 0 to 1
 */
gdouble
peal_senses_colour_share (const PealPicture *picture, guint32 colour)
{
  const gint wanted[3] = { colour >> 16 & 0xff, colour >> 8 & 0xff,
    colour & 0xff };
  guint64 count = 0;

  for (guint y = 0; y < picture->height; y++)
    for (guint x = 0; x < picture->width; x++) {
      const guint8 *pixel = get_pixel (picture, x, y);

      count += abs (pixel[0] - wanted[0]) <= COLOUR_TOLERANCE &&
          abs (pixel[1] - wanted[1]) <= COLOUR_TOLERANCE &&
          abs (pixel[2] - wanted[2]) <= COLOUR_TOLERANCE;
    }
  return count / (gdouble)MAX (1, picture->width * picture->height);
}

/**
 * peal_senses_light_share:
 * @picture: a picture
 *
 * Returns: the share of its pixels that are not black, 0 to 1
 */
gdouble
peal_senses_light_share (const PealPicture *picture)
{
  guint64 count = 0;

  for (guint y = 0; y < picture->height; y++)
    for (guint x = 0; x < picture->width; x++) {
      const guint8 *pixel = get_pixel (picture, x, y);

      count += MAX (MAX (pixel[0], pixel[1]), pixel[2]) > LIGHT_FLOOR;
    }
  return count / (gdouble)MAX (1, picture->width * picture->height);
}

/**
 * peal_senses_digest:
 * @picture: a picture
 *
 * Returns: a number that changes when the picture does
 */
guint64
peal_senses_digest (const PealPicture *picture)
{
  guint64 digest = FNV_START;

  for (guint y = 0; y < picture->height; y++)
    for (guint i = 0; i < picture->width * 3; i++)
      digest = (digest ^ picture->rgb[y * picture->stride + i]) * FNV_PRIME;
  return digest;
}

/**
 * peal_senses_tone_share:
 * @samples: mono sound
 * @count: how many
 * @rate_hz: samples per second
 * @tone_hz: a frequency
 *
 * Goertzel's algorithm (G. Goertzel, American Mathematical Monthly 65, 1958).
 *
 * Returns: the share of the sound's energy that is this tone, 0 to 1; 0 for
 *   silence
 */
gdouble
peal_senses_tone_share (
    const gint16 *samples, guint count, guint rate_hz, gdouble tone_hz)
{
  gdouble turn = 2 * cos (2 * G_PI * tone_hz / rate_hz);
  gdouble last = 0;
  gdouble before = 0;
  gdouble energy = 0;
  gdouble power = 0;

  for (guint i = 0; i < count; i++) {
    gdouble now = samples[i] + turn * last - before;

    before = last;
    last = now;
    energy += (gdouble)samples[i] * samples[i];
  }
  power = last * last + before * before - turn * last * before;
  return energy > 0 ? MIN (1.0, 2 * power / (energy * count)) : 0;
}

/**
 * peal_senses_loudness:
 * @samples: mono sound
 * @count: how many
 *
 * Returns: the root mean square, 0 to 1
 */
gdouble
peal_senses_loudness (const gint16 *samples, guint count)
{
  gdouble energy = 0;

  for (guint i = 0; i < count; i++)
    energy += (gdouble)samples[i] * samples[i];
  return count ? sqrt (energy / count) / G_MAXINT16 : 0;
}
