/*
 * The codec of Engine.IO, protocol 4: packets, the handshake and the payloads
 * of HTTP long-polling (protocols.md section 4.1). Pure; used by the client's
 * transport and by the server.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PEAL_ENGINEIO_VERSION 4
#define PEAL_ENGINEIO_PATH "/socket.io/"
/* A stock server's maxHttpBufferSize: what a client of ours takes from other
 * people's servers, and gives them where they do not say how much they take. */
#define PEAL_ENGINEIO_MAX_PAYLOAD_BYTES (1000 * 1000)
#define PEAL_ENGINEIO_MAX_PACKETS 512

/**
 * PealEngineioType:
 *
 * The packet's type; on the wire the digit of its value. Binary messages are
 * PEAL_ENGINEIO_MESSAGE with @binary set.
 */
typedef enum {
  PEAL_ENGINEIO_OPEN,
  PEAL_ENGINEIO_CLOSE,
  PEAL_ENGINEIO_PING,
  PEAL_ENGINEIO_PONG,
  PEAL_ENGINEIO_MESSAGE,
  PEAL_ENGINEIO_UPGRADE,
  PEAL_ENGINEIO_NOOP,
} PealEngineioType;

/**
 * PealEngineioPacket:
 * @text: what follows the digit, empty or more; NULL for a binary message
 * @binary: the bytes of a binary message; otherwise NULL
 */
typedef struct {
  PealEngineioType type;
  gchar *text;
  GBytes *binary;
} PealEngineioPacket;

/**
 * PealEngineioHandshake:
 * @sid: the transport's session id; not the one that others see
 * @can_upgrade: whether a WebSocket may take over
 * @ping_interval_ms: the server pings that often
 * @ping_timeout_ms: and waits so long for the pong
 * @max_payload_bytes: what the server takes at once; 0 when not said
 */
typedef struct {
  gchar *sid;
  gboolean can_upgrade;
  guint ping_interval_ms;
  guint ping_timeout_ms;
  guint max_payload_bytes;
} PealEngineioHandshake;

/**
 * PealEngineioFault:
 *
 * The codes of a refused HTTP request.
 */
typedef enum {
  PEAL_ENGINEIO_UNKNOWN_TRANSPORT,
  PEAL_ENGINEIO_UNKNOWN_SID,
  PEAL_ENGINEIO_BAD_METHOD,
  PEAL_ENGINEIO_BAD_REQUEST,
  PEAL_ENGINEIO_FORBIDDEN,
  PEAL_ENGINEIO_BAD_VERSION,
} PealEngineioFault;

PealEngineioPacket *
peal_engineio_packet_new (PealEngineioType type, const gchar *text);
PealEngineioPacket *
peal_engineio_packet_new_binary (GBytes *binary);
void
peal_engineio_packet_free (PealEngineioPacket *self);

PealEngineioPacket *
peal_engineio_decode (const gchar *text, gsize length, GError **error);
gchar *
peal_engineio_encode (PealEngineioType type, const gchar *text);

GPtrArray *
peal_engineio_payload_split (const gchar *body, gsize length, GError **error);
gboolean
peal_engineio_payload_append (
    GString *payload, const PealEngineioPacket *packet, gsize max_bytes);

PealEngineioHandshake *
peal_engineio_handshake_decode (
    const gchar *text, gsize length, GError **error);
gchar *
peal_engineio_handshake_encode (const PealEngineioHandshake *self);
void
peal_engineio_handshake_free (PealEngineioHandshake *self);

gchar *
peal_engineio_fault_to_text (PealEngineioFault fault);
guint
peal_engineio_fault_to_status (PealEngineioFault fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealEngineioPacket, peal_engineio_packet_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (
    PealEngineioHandshake, peal_engineio_handshake_free)

G_END_DECLS
