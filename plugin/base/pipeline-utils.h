/*
 * Small things done to pipelines in more than one place.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void
peal_pipeline_remove (GstBin *bin, GstElement *element);
void
peal_pipeline_tag (GstElement *element, const gchar *owner);
gchar *
peal_pipeline_dup_owner (GstObject *object, GstObject *bin);

G_END_DECLS
