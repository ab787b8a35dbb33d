/*
 * The X display as a source of pictures. Main thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

gboolean
peal_screen_get_size (guint *width, guint *height, GError **error);
void
peal_screen_fit (guint *width, guint *height);
gchar *
peal_screen_dup_description (GError **error);

G_END_DECLS
