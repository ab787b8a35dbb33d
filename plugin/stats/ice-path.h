/*
 * The way that ICE found to a peer: the chosen pair of candidates, as plain
 * values. Pure.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* "[IPv6]:port" and its end. */
#define PEAL_ICE_ADDRESS_BYTES 64

/**
 * PealIcePath: zero-initialised is none yet
 * @local: (nullable): kind of our candidate: host, srflx, prflx, relay; static
 * @remote: (nullable): kind of the peer's candidate
 * @local_address: `address:port` of our candidate
 * @remote_address: `address:port` of the peer's candidate
 */
typedef struct {
  const gchar *local;
  const gchar *remote;
  gchar local_address[PEAL_ICE_ADDRESS_BYTES];
  gchar remote_address[PEAL_ICE_ADDRESS_BYTES];
} PealIcePath;

G_END_DECLS
