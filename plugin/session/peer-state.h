/*
 * What people are told about one other member. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealPeerState:
 * @PEAL_PEER_NEW: known, nothing tried yet
 * @PEAL_PEER_CONNECTING: the first connection is being made
 * @PEAL_PEER_CONNECTED: media flows
 * @PEAL_PEER_DISCONNECTED: the connection was lost; another is being made
 * @PEAL_PEER_FAILED: it could not be made; tried again later
 * @PEAL_PEER_CLOSED: over
 */
typedef enum {
  PEAL_PEER_NEW,
  PEAL_PEER_CONNECTING,
  PEAL_PEER_CONNECTED,
  PEAL_PEER_DISCONNECTED,
  PEAL_PEER_FAILED,
  PEAL_PEER_CLOSED,
} PealPeerState;

const gchar *
peal_peer_state_to_string (PealPeerState state);

G_END_DECLS
