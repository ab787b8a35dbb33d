/*
 * pealbin: a live call in a pipeline. The element itself: its pads, its
 * properties, its states. Everything it does stands in call, outputs and the
 * layers below.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define PEAL_TYPE_BIN (peal_bin_get_type ())
G_DECLARE_FINAL_TYPE (PealBin, peal_bin, PEAL, BIN, GstBin)

GST_ELEMENT_REGISTER_DECLARE (pealbin)

G_END_DECLS
