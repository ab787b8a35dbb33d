/*
 * Where the pictures and the sound that we send come from. Main thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PealSource:
 * @element: (nullable): a bin with a source pad named `video` or `audio`, or
 *   both when a file gives both; NULL: nothing is sent
 * @label: what it is, for people
 * @apology: (nullable): why it is not what was asked for
 * @is_optional: whether the call goes on without it, should it fail
 */
typedef struct {
  GstElement *element;
  gchar *label;
  gchar *apology;
  gboolean is_optional;
} PealSource;

PealSource *
peal_source_new_video (const gchar *what, GError **error);
PealSource *
peal_source_new_audio (const gchar *what, GError **error);
PealSource *
peal_source_new_file (const gchar *path, gboolean wants_video,
    gboolean wants_audio, GError **error);
gboolean
peal_source_is_file (const gchar *what);
void
peal_source_free (PealSource *self);
gchar *
peal_source_describe_failure (const gchar *label, const GError *reason);
const gchar *
peal_camera_pick_format (const GstCaps *caps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealSource, peal_source_free)

G_END_DECLS
