/*
 * The element `pealbin` in this process, and what its errors mean for us.
 * Main thread.
 */
#pragma once

#include <gst/gst.h>

#include "app/options.h"

G_BEGIN_DECLS

GstElement *
peal_element_new (const PealOptions *options, const gchar *uri, GError **error);
gint
peal_element_status_for_error (GstMessage *error);
gchar *
peal_element_describe_error (GstMessage *error);

G_END_DECLS
