/*
 * Eyes and ears for tests of calls: an appsink that remembers what it saw or
 * heard last, and a probe that measures the gaps of a stream.
 *
 * They work on streaming threads as media arrives, so that any number of
 * streams can be watched at once; the questions may be asked on any thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What an Eye wants, and what an Ear wants. */
#define EYE_CAPS "videoconvert ! video/x-raw,format=RGB"
#define EAR_CAPS                    \
  "audioconvert ! audioresample ! " \
  "audio/x-raw,format=F32LE,rate=16000,channels=1"
#define SENSE_SINK "appsink sync=false async=false max-buffers=4 drop=true"

typedef struct _Eye Eye;
typedef struct _Ear Ear;
typedef struct _Flow Flow;

Eye *
eye_new (GstElement *appsink);
void
eye_free (Eye *self);
gboolean
eye_sees (Eye *self, guint rgb);
gboolean
eye_is_moving (Eye *self);
void
eye_get_size (Eye *self, guint *width, guint *height);
guint
eye_get_count (Eye *self);

Ear *
ear_new (GstElement *appsink);
void
ear_free (Ear *self);
gboolean
ear_hears (Ear *self, gdouble hz);
gboolean
ear_hears_silence (Ear *self);

Flow *
flow_new (GstPad *pad);
void
flow_free (Flow *self);
void
flow_reset (Flow *self);
guint
flow_get_count (Flow *self);
gint64
flow_get_longest_gap_ms (Flow *self);

G_END_DECLS
