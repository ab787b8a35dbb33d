/*
 * Names of a peer's states. See peer-state.h.
 */
#include "session/peer-state.h"

static const gchar *const state_names[] = { "new", "connecting", "connected",
  "disconnected", "failed", "closed" };

const gchar *
peal_peer_state_to_string (PealPeerState state)
{
  return state_names[state];
}
