/*
 * What the two halves of the gstwebrtc client share: what the server says
 * (gstwebrtc-client.c) and what the room's side does (gstwebrtc-client-say.c).
 * Pure.
 */
#pragma once

#include "wire/gstwebrtc-choice.h"
#include "wire/gstwebrtc-client.h"
#include "wire/gstwebrtc-link.h"

G_BEGIN_DECLS

struct _PealGstwebrtcClient {
  PealDialect parent;

  PealGstwebrtcChoice choice;
  PealMessage *join; /* NULL: not asked to */
  gboolean is_in;
  GPtrArray *links;   /* of PealGstwebrtcLink */
  GHashTable *pushed; /* set of consumers that we started with */
  gint64 deadline_us; /* for the server's words */
  gint64 silence_us;  /* when to miss the one that is to take from us */
};

void
peal_gstwebrtc_client_put (
    PealGstwebrtcClient *self, const PealGstwebrtcMessage *message);
void
peal_gstwebrtc_client_ask (PealGstwebrtcClient *self, PealGstwebrtcLink *link);
void
peal_gstwebrtc_client_end_link (
    PealGstwebrtcClient *self, PealGstwebrtcLink *link, const gchar *reason);
gboolean
peal_gstwebrtc_client_say (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error);

G_END_DECLS
