/*
 * The last picture of a source, kept for who comes between two of them. A
 * zeroed struct holds none; whoever has it guards it.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstBuffer *buffer; /* or NULL */
  GstCaps *caps;
  gint64 taken_us;
  GstClockTime repeated; /* the time of the last repetition */
  gboolean has_repeated; /* `repeated` is valid */
} PealLastPicture;

gboolean
peal_last_picture_take (
    PealLastPicture *self, GstBuffer *buffer, GstCaps *caps, gint64 now_us);
GstBuffer *
peal_last_picture_repeat (PealLastPicture *self, gint64 now_us, GstCaps **caps);
void
peal_last_picture_forget (PealLastPicture *self);

G_END_DECLS
