/*
 * What a picture shows and what a sound is: content checks for tests.
 *
 * Pictures are raw video of any format, sounds raw audio in S16LE or F32LE.
 * Regions are fractions of the picture, 0 to 1, so that a check does not
 * depend on the size that was negotiated. The `wait` functions pull from an
 * appsink until the check holds or the time is over. Any thread.
 */
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaRegion: a part of a picture, in fractions of its width and height
 */
typedef struct {
  gdouble left;
  gdouble top;
  gdouble right;
  gdouble bottom;
} MediaRegion;

#define MEDIA_REGION_ALL ((MediaRegion){ 0, 0, 1, 1 })
#define MEDIA_REGION_CENTRE ((MediaRegion){ 0.4, 0.4, 0.6, 0.6 })

#define MEDIA_RED 0xff0000u
#define MEDIA_GREEN 0x00ff00u
#define MEDIA_BLUE 0x0000ffu
#define MEDIA_WHITE 0xffffffu
#define MEDIA_BLACK 0x000000u

gboolean
media_check_get_size (GstSample *sample, guint *width, guint *height);
gboolean
media_check_mean_colour (GstSample *sample, MediaRegion region, guint *rgb);
gboolean
media_check_is_colour (GstSample *sample, MediaRegion region, guint rgb);
gdouble
media_check_difference (GstSample *a, GstSample *b, MediaRegion region);
gboolean
media_check_is_moving (GstSample *a, GstSample *b);

gboolean
media_check_append_audio (GArray *samples, GstSample *sample, guint *rate);
gdouble
media_check_tone_level (GArray *samples, guint rate, gdouble hz);
gdouble
media_check_loudness (GArray *samples);
gdouble
media_check_dominant_frequency (GArray *samples, guint rate);

gboolean
media_wait_for_colour (
    GstElement *appsink, MediaRegion region, guint rgb, guint timeout_ms);
gboolean
media_wait_for_size (
    GstElement *appsink, guint width, guint height, guint timeout_ms);
gboolean
media_wait_for_movement (GstElement *appsink, guint timeout_ms);
gboolean
media_wait_for_tone (GstElement *appsink, gdouble hz, guint timeout_ms);
gboolean
media_wait_for_silence (GstElement *appsink, guint timeout_ms);

G_END_DECLS
