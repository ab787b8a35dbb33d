/*
 * The short way through a mix of pictures: while there is one input, in the
 * size and at the rate of the mix, its pictures go by the compositor.
 *
 * The compositor gets them too and goes on; what it makes is thrown away while
 * the short way works, and fills in at once when that ends: another input
 * comes, the pictures change or stop.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _PealMixDirect PealMixDirect;

PealMixDirect *
peal_mix_direct_new (GstPad *mixed, GstElement *queue);
void
peal_mix_direct_free (PealMixDirect *self);
void
peal_mix_direct_set_open (PealMixDirect *self, gboolean is_open);
void
peal_mix_direct_restart (PealMixDirect *self);
void
peal_mix_direct_offer (PealMixDirect *self, GstPad *input, GstBuffer *buffer,
    GstClockTime time, GstClockTime latency);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealMixDirect, peal_mix_direct_free)

G_END_DECLS
