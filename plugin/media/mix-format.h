/*
 * The formats of a mix: what it can give, and which of what downstream takes.
 * Pure.
 */
#pragma once

#include <gst/gst.h>

#include "media/codec.h"

G_BEGIN_DECLS

/* Pixels of the mixed picture when downstream takes any. */
#define PEAL_MIX_WIDTH 1280
#define PEAL_MIX_HEIGHT 720

GstCaps *
peal_mix_format_dup_template (PealMediaKind kind);
GstCaps *
peal_mix_format_dup_pad_caps (PealMediaKind kind);
void
peal_mix_format_fixate (PealMediaKind kind, GstStructure *structure);

G_END_DECLS
