/*
 * The time of capture inside the media. See latency-code.h.
 *
 * A picture's code is 64 blocks of 40 by 40 pixels: 32 bits of time, 16 of
 * number, 16 of a sum of both. A codec at any usable bit rate keeps the middle
 * of such a block.
 */
#include "latency-code.h"

#include <math.h>
#include <string.h>

#define BLOCK 40
#define COLUMNS 32
#define ROWS 2
#define BLACK 16
#define WHITE 235
#define MIDDLE 12 /* pixels at each side of what is read */

/* A tone that every codec carries, and begins steeply. */
#define CLICK_HZ 2000
#define CLICK_US (5 * G_TIME_SPAN_MILLISECOND)
#define CLICK_AMPLITUDE 24000
/* Chosen: above what precedes a click in a transform codec. */
#define THRESHOLD 8000
/* Chosen: longer than a click rings. */
#define QUIET_US (100 * G_TIME_SPAN_MILLISECOND)

static guint16
sum_up (const PictureCode *code)
{
  guint32 sum = code->time_us * 2654435761u + code->number * 40503u;

  return (sum >> 16) ^ 0x5a5a;
}

static void
fill_block (guint8 *luma, gint stride, guint index, gboolean is_white)
{
  guint8 *block = luma + (gsize)(index / COLUMNS) * BLOCK * stride +
      (index % COLUMNS) * BLOCK;

  for (guint y = 0; y < BLOCK; y++)
    memset (block + (gsize)y * stride, is_white ? WHITE : BLACK, BLOCK);
}

static gboolean
is_white_block (const guint8 *luma, gint stride, guint index)
{
  const guint8 *block = luma + (gsize)(index / COLUMNS) * BLOCK * stride +
      (index % COLUMNS) * BLOCK;
  guint sum = 0;

  for (guint y = MIDDLE; y < BLOCK - MIDDLE; y++)
    for (guint x = MIDDLE; x < BLOCK - MIDDLE; x++)
      sum += block[(gsize)y * stride + x];

  return sum / ((BLOCK - 2 * MIDDLE) * (BLOCK - 2 * MIDDLE)) >
      (BLACK + WHITE) / 2;
}

void
picture_code_draw (guint8 *luma, gint stride, const PictureCode *code)
{
  guint64 bits = (guint64)code->time_us << 32 | (guint64)code->number << 16 |
      sum_up (code);

  for (guint i = 0; i < COLUMNS * ROWS; i++)
    fill_block (luma, stride, i, bits >> i & 1);
}

gboolean
picture_code_read (const guint8 *luma, gint stride, PictureCode *code)
{
  guint64 bits = 0;

  for (guint i = 0; i < COLUMNS * ROWS; i++)
    bits |= (guint64)is_white_block (luma, stride, i) << i;
  code->time_us = bits >> 32;
  code->number = bits >> 16;

  return sum_up (code) == (guint16)bits;
}

void
click_write (
    gint16 *samples, guint count, guint channels, guint rate, gint64 end_us)
{
  for (guint i = 0; i < count; i++) {
    gint64 at_us = end_us - (gint64)(count - i) * G_USEC_PER_SEC / rate;
    gint64 since_us = at_us % CLICK_PERIOD_US;
    gdouble phase = 2 * G_PI * CLICK_HZ * since_us / G_USEC_PER_SEC;

    for (guint c = 0; c < channels; c++)
      samples[i * channels + c] =
          since_us < CLICK_US ? CLICK_AMPLITUDE * cos (phase) : 0;
  }
}

gint
click_find (ClickFinder *self, const gint16 *samples, guint count,
    guint channels, guint rate)
{
  guint quiet = QUIET_US * rate / G_USEC_PER_SEC;
  gint found = -1;

  for (guint i = 0; i < count; i++) {
    gboolean is_loud = ABS ((gint)samples[i * channels]) > THRESHOLD;

    if (is_loud && self->quiet > quiet && found < 0)
      found = i;
    self->quiet = is_loud ? 0 : self->quiet + 1;
  }

  return found;
}
