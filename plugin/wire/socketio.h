/*
 * The codec of Socket.IO, protocol 5 (protocols.md section 4.2): what an
 * Engine.IO message carries. Pure; used by clients and by the server.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Chosen: a description of 64 KiB, twice escaped at worst. */
#define PEAL_SOCKETIO_MAX_PACKET_BYTES (128 * 1024)
/* Chosen: signalling carries no binary data; others' chats might. */
#define PEAL_SOCKETIO_MAX_ATTACHMENTS 10
#define PEAL_SOCKETIO_MAX_NAMESPACE_BYTES 128
#define PEAL_SOCKETIO_NO_ACK (-1)

typedef enum {
  PEAL_SOCKETIO_CONNECT,
  PEAL_SOCKETIO_DISCONNECT,
  PEAL_SOCKETIO_EVENT,
  PEAL_SOCKETIO_ACK,
  PEAL_SOCKETIO_CONNECT_ERROR,
  PEAL_SOCKETIO_BINARY_EVENT,
  PEAL_SOCKETIO_BINARY_ACK,
} PealSocketioType;

/**
 * PealSocketioPacket:
 * @attachments: how many binary frames follow, of a BINARY_ type
 * @namespace: `/` unless said otherwise
 * @ack_id: what the acknowledgement refers to, or PEAL_SOCKETIO_NO_ACK
 * @data: (nullable): an array for events (name first) and acknowledgements, an
 *   object or nothing for CONNECT and CONNECT_ERROR
 */
typedef struct {
  PealSocketioType type;
  guint attachments;
  gchar *namespace;
  gint ack_id;
  JsonNode *data;
} PealSocketioPacket;

PealSocketioPacket *
peal_socketio_packet_new (PealSocketioType type, gint ack_id, JsonNode *data);
void
peal_socketio_packet_free (PealSocketioPacket *self);

PealSocketioPacket *
peal_socketio_decode (const gchar *text, gsize length, GError **error);
gchar *
peal_socketio_encode (const PealSocketioPacket *packet);

const gchar *
peal_socketio_packet_get_event (const PealSocketioPacket *self);
JsonNode *
peal_socketio_packet_get_argument (const PealSocketioPacket *self, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealSocketioPacket, peal_socketio_packet_free)

G_END_DECLS
