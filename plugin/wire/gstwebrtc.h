/*
 * The messages of gst-plugins-rs' signalling (webrtcsink, webrtcsrc, the
 * gstwebrtc-api library): text frames to values and back. protocols.md 2.1 is
 * the protocol. Pure; used by both of its dialects.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* chosen, as in Peal rooms: an offer of webrtcsink with all its codecs is
 * below 20 KiB. */
#define PEAL_GSTWEBRTC_MAX_FRAME_BYTES (64 * 1024)
/* chosen: several times their UUIDs. */
#define PEAL_GSTWEBRTC_MAX_ID_BYTES 128
/* chosen: what a list may hold; more are left out. */
#define PEAL_GSTWEBRTC_MAX_PEERS 256

/**
 * PealGstwebrtcSide:
 * @PEAL_GSTWEBRTC_FROM_CLIENT: text that a client sends
 * @PEAL_GSTWEBRTC_FROM_SERVER: text that a server sends
 */
typedef enum {
  PEAL_GSTWEBRTC_FROM_CLIENT,
  PEAL_GSTWEBRTC_FROM_SERVER,
} PealGstwebrtcSide;

/**
 * PealGstwebrtcVersion: which form of `endSession` a client understands
 */
typedef enum {
  PEAL_GSTWEBRTC_V1_0,
  PEAL_GSTWEBRTC_V1_1,
} PealGstwebrtcVersion;

/**
 * PealGstwebrtcRoles: what a client is, as bits
 * @PEAL_GSTWEBRTC_PRODUCER: sends to whoever starts a session with it
 * @PEAL_GSTWEBRTC_LISTENER: is told who comes and goes
 * @PEAL_GSTWEBRTC_CONSUMER: waits for a producer to start a session with it
 */
typedef enum {
  PEAL_GSTWEBRTC_PRODUCER = 1 << 0,
  PEAL_GSTWEBRTC_LISTENER = 1 << 1,
  PEAL_GSTWEBRTC_CONSUMER = 1 << 2,
} PealGstwebrtcRoles;

/**
 * PealGstwebrtcKind:
 *
 * The fields each kind uses:
 *
 * @PEAL_GSTWEBRTC_SET_PROTOCOL_VERSION: version
 * @PEAL_GSTWEBRTC_SET_PEER_STATUS: roles, meta
 * @PEAL_GSTWEBRTC_LIST: from a server: peers
 * @PEAL_GSTWEBRTC_LIST_CONSUMERS: from a server: peers
 * @PEAL_GSTWEBRTC_START_SESSION: peer_id, sdp (an offer, or NULL); from a
 *   server: session
 * @PEAL_GSTWEBRTC_PEER_OFFER: session, sdp
 * @PEAL_GSTWEBRTC_PEER_ANSWER: session, sdp
 * @PEAL_GSTWEBRTC_PEER_ICE: session, candidate, mline
 * @PEAL_GSTWEBRTC_END_SESSION: session, text (why, or NULL), version (its form)
 * @PEAL_GSTWEBRTC_WELCOME: peer_id
 * @PEAL_GSTWEBRTC_PEER_STATUS_CHANGED: peer_id, roles, meta
 * @PEAL_GSTWEBRTC_SESSION_STARTED: peer_id, session
 * @PEAL_GSTWEBRTC_ERROR: text
 */
typedef enum {
  PEAL_GSTWEBRTC_SET_PROTOCOL_VERSION,
  PEAL_GSTWEBRTC_SET_PEER_STATUS,
  PEAL_GSTWEBRTC_LIST,
  PEAL_GSTWEBRTC_LIST_CONSUMERS,
  PEAL_GSTWEBRTC_START_SESSION,
  PEAL_GSTWEBRTC_PEER_OFFER,
  PEAL_GSTWEBRTC_PEER_ANSWER,
  PEAL_GSTWEBRTC_PEER_ICE,
  PEAL_GSTWEBRTC_END_SESSION,
  PEAL_GSTWEBRTC_WELCOME,
  PEAL_GSTWEBRTC_PEER_STATUS_CHANGED,
  PEAL_GSTWEBRTC_SESSION_STARTED,
  PEAL_GSTWEBRTC_ERROR,
} PealGstwebrtcKind;

typedef struct {
  gchar *id;
  JsonNode *meta; /* NULL: none */
} PealGstwebrtcPeer;

typedef struct {
  PealGstwebrtcKind kind;
  PealGstwebrtcVersion version;
  guint roles;
  gchar *peer_id;
  gchar *session;
  gchar *sdp;
  gchar *candidate;
  gint mline;
  gchar *text;
  JsonNode *meta;   /* NULL: none */
  GPtrArray *peers; /* of PealGstwebrtcPeer; NULL: none */
} PealGstwebrtcMessage;

PealGstwebrtcMessage *
peal_gstwebrtc_message_new (PealGstwebrtcKind kind);
void
peal_gstwebrtc_message_free (PealGstwebrtcMessage *self);
void
peal_gstwebrtc_message_add_peer (
    PealGstwebrtcMessage *self, const gchar *id, JsonNode *meta);

PealGstwebrtcMessage *
peal_gstwebrtc_decode (
    PealGstwebrtcSide side, const gchar *text, gsize length, GError **error);
gchar *
peal_gstwebrtc_encode (
    PealGstwebrtcSide side, const PealGstwebrtcMessage *message);

JsonNode *
peal_gstwebrtc_make_meta (JsonNode *meta, const gchar *name);
gchar *
peal_gstwebrtc_dup_name (JsonNode *meta);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (
    PealGstwebrtcMessage, peal_gstwebrtc_message_free)

G_END_DECLS
