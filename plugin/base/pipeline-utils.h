/*
 * Small things done to pipelines in more than one place.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_pipeline_remove (GstBin *bin, GstElement *element);

G_END_DECLS
