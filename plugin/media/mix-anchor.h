/*
 * An input of an aggregator that is always there, and never gives anything.
 * Used by the mixer, whose lock and threads guard it.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Begins as zeroes. */
typedef struct {
  GstPad *source; /* feeds sink with nothing */
  GstPad *sink;   /* of the aggregator */
} PealMixAnchor;

void
peal_mix_anchor_add (PealMixAnchor *self, GstElement *aggregator);
void
peal_mix_anchor_remove (PealMixAnchor *self, GstElement *aggregator);

G_END_DECLS
