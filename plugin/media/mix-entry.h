/*
 * Where an input comes into a mix, it gets its place in time there.
 */
#pragma once

#include "media/codec.h"
#include "media/mix-direct.h"
#include "media/mix-latency.h"

G_BEGIN_DECLS

/**
 * PealMix: what the inputs of a mix have in common; outlives them
 * @element: whose clock counts
 * @kind: pictures or voices
 * @latency: how far the mix is behind the clock
 * @direct: (nullable): the short way, for pictures
 */
typedef struct {
  GstElement *element;
  PealMediaKind kind;
  PealMixLatency latency;
  PealMixDirect *direct;
} PealMix;

void
peal_mix_entry_add (GstPad *pad, PealMix *mix);

G_END_DECLS
