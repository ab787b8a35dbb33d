/*
 * Where the others' pictures and sound go. Main thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PealOutput:
 * @element: a bin with a sink pad
 * @is_real: whether anybody sees or hears it
 */
typedef struct {
  GstElement *element;
  gboolean is_real;
} PealOutput;

void
peal_output_make_video (PealOutput *self, gboolean is_wanted);
void
peal_output_make_audio (PealOutput *self, gboolean is_wanted);

G_END_DECLS
