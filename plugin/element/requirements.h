/*
 * The elements that Peal cannot do without, and the Debian packages that have
 * them.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

gboolean
peal_requirements_check (GstElement *element);

G_END_DECLS
