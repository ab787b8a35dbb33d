/*
 * A member among gst-examples' programs (protocols.md 2.2), as a client of
 * their server or of ours: in a room with several, or one to one.
 */
#pragma once

#include "wire/dialect.h"

G_BEGIN_DECLS

/**
 * PealGstexamplesWish:
 * @own_id: (nullable): the id that others call; NULL for any
 * @peer_id: (nullable): whom to call
 * @room: (nullable): the room to enter; then @peer_id is not used
 *
 * Neither @peer_id nor @room: waits to be called.
 */
typedef struct {
  gchar *own_id;
  gchar *peer_id;
  gchar *room;
} PealGstexamplesWish;

#define PEAL_TYPE_GSTEXAMPLES_CLIENT (peal_gstexamples_client_get_type ())
G_DECLARE_FINAL_TYPE (PealGstexamplesClient, peal_gstexamples_client, PEAL,
    GSTEXAMPLES_CLIENT, PealDialect)

PealDialect *
peal_gstexamples_client_new (const PealGstexamplesWish *wish);

G_END_DECLS
