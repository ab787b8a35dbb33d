/*
 * The time of capture inside the media itself: blocks of black and white in
 * pictures, clicks at whole half seconds in sound. Pure. Used by latency-end.
 */
#pragma once

#include <glib.h>

/* A click begins when the clock shows a multiple of this; so latencies under
 * it can be told. */
#define CLICK_PERIOD_US (500 * G_TIME_SPAN_MILLISECOND)

/* Fits 16 bit: 2185 s at 30 pictures a second. */
typedef struct {
  guint32 time_us; /* of a clock, modulo 2^32 */
  guint16 number;
} PictureCode;

/* @luma: of a picture of at least 1280 by 96 pixels, one byte each. */
void
picture_code_draw (guint8 *luma, gint stride, const PictureCode *code);

gboolean
picture_code_read (const guint8 *luma, gint stride, PictureCode *code);

/* @end_us: when the last sample was captured. */
void
click_write (
    gint16 *samples, guint count, guint channels, guint rate, gint64 end_us);

/* Where a click began that was seen before, so that none counts twice. */
typedef struct {
  guint quiet; /* samples since there was sound */
} ClickFinder;

/* Returns: its first frame in @samples, or -1. */
gint
click_find (ClickFinder *self, const gint16 *samples, guint count,
    guint channels, guint rate);
