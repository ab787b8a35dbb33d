/*
 * PealRemotePad: a ghost pad for one remote track, which says whose it is.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define PEAL_TYPE_REMOTE_PAD (peal_remote_pad_get_type ())
G_DECLARE_FINAL_TYPE (
    PealRemotePad, peal_remote_pad, PEAL, REMOTE_PAD, GstGhostPad)

GstPad *
peal_remote_pad_new (const gchar *name, GstPadTemplate *template,
    GstPad *target, const gchar *peer_id, const gchar *peer_name);

G_END_DECLS
