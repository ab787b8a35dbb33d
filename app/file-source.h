/*
 * A media file as a live source that begins again at its end. Main thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GstElement *
peal_file_source_new (const gchar *path, gboolean wants_video,
    gboolean wants_audio, GError **error);
gboolean
peal_file_has_audio (const gchar *path);

G_END_DECLS
