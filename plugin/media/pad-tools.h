/*
 * Questions to pads, and what to do with one that nobody listens to. Any
 * thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

gboolean
peal_pad_leads_somewhere (GstPad *pad);
gboolean
peal_pad_wants_encoded (GstPad *pad, const gchar *raw, const gchar *encoded);
void
peal_pad_set_dropping (GstPad *pad, gboolean is_dropping);

G_END_DECLS
