/*
 * A member among gst-plugins-rs' producers and consumers (protocols.md 2.1),
 * as a client of their server or of ours.
 *
 * Their sessions go one way: a producer sends to a consumer. A session that
 * we consume, and one in which somebody consumes us, are two members of the
 * room to us, so that each is one connection; the second one of the same peer
 * has a number behind its id. What is sent both ways between two Peals goes
 * over one session: in a pair in which each takes everybody, the one with the
 * smaller id starts it, and the offer of the other is for both directions.
 *
 * Whom the wish names and is not there is missed (PEAL_ERROR_TEXT_NOBODY): a
 * producer after the first list of producers; a consumer, which no server lists
 * when it starts its sessions itself, when it has started none for 5 s.
 */
#pragma once

#include "wire/dialect.h"
#include "wire/gstwebrtc.h"

G_BEGIN_DECLS

/**
 * PealGstwebrtcRole: what we are to the others
 * @PEAL_GSTWEBRTC_ROLE_BOTH: send to who wants it, and take from producers
 * @PEAL_GSTWEBRTC_ROLE_PRODUCER: send to who wants it, and to those who wait
 * @PEAL_GSTWEBRTC_ROLE_CONSUMER: take from producers
 * @PEAL_GSTWEBRTC_ROLE_LISTENER: wait for a producer to start
 */
typedef enum {
  PEAL_GSTWEBRTC_ROLE_BOTH,
  PEAL_GSTWEBRTC_ROLE_PRODUCER,
  PEAL_GSTWEBRTC_ROLE_CONSUMER,
  PEAL_GSTWEBRTC_ROLE_LISTENER,
} PealGstwebrtcRole;

/**
 * PealGstwebrtcWish:
 * @role: what we are
 * @version: the protocol's version we declare; every server knows 1.0
 * @peer_id: (nullable): only this one
 * @peer_name: (nullable): only those who have this name in their meta
 */
typedef struct {
  PealGstwebrtcRole role;
  PealGstwebrtcVersion version;
  gchar *peer_id;
  gchar *peer_name;
} PealGstwebrtcWish;

#define PEAL_TYPE_GSTWEBRTC_CLIENT (peal_gstwebrtc_client_get_type ())
G_DECLARE_FINAL_TYPE (PealGstwebrtcClient, peal_gstwebrtc_client, PEAL,
    GSTWEBRTC_CLIENT, PealDialect)

PealDialect *
peal_gstwebrtc_client_new (const PealGstwebrtcWish *wish, PealMessage *join);

G_END_DECLS
