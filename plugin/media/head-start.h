/*
 * What an encoder made for somebody who is about to come: a key frame and what
 * followed it. A zeroed struct holds nothing; whoever has it guards it.
 */
#pragma once

#include "media/rtp-burst.h"

G_BEGIN_DECLS

/* Chosen: ICE is through, and a DTLS handshake takes two round trips; what is
 * older than that is no longer worth showing. */
#define PEAL_HEAD_START_US (100 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  GQueue bursts; /* of PealRtpBurst, from a key frame on */
  gint64 key_us; /* when that came */
  gint64 until_us;
} PealHeadStart;

void
peal_head_start_begin (PealHeadStart *self, gint64 now_us);
gboolean
peal_head_start_is_running (const PealHeadStart *self, gint64 now_us);
void
peal_head_start_add (PealHeadStart *self, PealRtpBurst *burst, gint64 now_us);
const GList *
peal_head_start_get (const PealHeadStart *self, gint64 now_us);
void
peal_head_start_clear (PealHeadStart *self);

G_END_DECLS
