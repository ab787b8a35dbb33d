/*
 * A camera that costs nothing: its pictures lie in a file that is mapped into
 * memory, and no byte of them is copied. So a bench measures what it is about,
 * and not the drawing of test pictures.
 */
#pragma once

#include <gst/gst.h>

void
mapped_camera_set_up (GstElement *pipeline, GMappedFile *file);
