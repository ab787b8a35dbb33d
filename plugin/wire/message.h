/*
 * PealMessage: the closed set of things signalling can say, whatever protocol
 * carries it. Codecs make them from text and text from them; the session and
 * the server only ever see this. Pure.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PealMessageKind:
 *
 * The fields each kind uses, besides @peer_id (towards a server: whom it is
 * for; from a server: who sent it or whom it is about):
 *
 * @PEAL_MESSAGE_JOIN: room, name, token, meta, prefers_offering, resume,
 *   offering, has_one_connection, calls, keeps_id, can_resume
 * @PEAL_MESSAGE_JOINED: room, peer_id (our own id), resume, members,
 *   ice_servers
 * @PEAL_MESSAGE_PEER_JOINED: member
 * @PEAL_MESSAGE_PEER_LEFT: text (the reason)
 * @PEAL_MESSAGE_OFFER: session, sdp
 * @PEAL_MESSAGE_ANSWER: session, sdp
 * @PEAL_MESSAGE_CANDIDATE: session, candidate (NULL: end of candidates),
 *   sdp_mid, sdp_mline_index
 * @PEAL_MESSAGE_RENEGOTIATE: session
 * @PEAL_MESSAGE_TEXT: body (any JSON); the protocol calls it `message`
 * @PEAL_MESSAGE_BYE: session, text (the reason), each may be NULL
 * @PEAL_MESSAGE_PING: nothing
 * @PEAL_MESSAGE_PONG: nothing
 * @PEAL_MESSAGE_ERROR: code, text
 */
typedef enum {
  PEAL_MESSAGE_JOIN,
  PEAL_MESSAGE_JOINED,
  PEAL_MESSAGE_PEER_JOINED,
  PEAL_MESSAGE_PEER_LEFT,
  PEAL_MESSAGE_OFFER,
  PEAL_MESSAGE_ANSWER,
  PEAL_MESSAGE_CANDIDATE,
  PEAL_MESSAGE_RENEGOTIATE,
  PEAL_MESSAGE_TEXT,
  PEAL_MESSAGE_BYE,
  PEAL_MESSAGE_PING,
  PEAL_MESSAGE_PONG,
  PEAL_MESSAGE_ERROR,
} PealMessageKind;

/**
 * PealOffering:
 * @PEAL_OFFERING_AS_TOLD: it offers where the server says so, and waits
 *   elsewhere
 * @PEAL_OFFERING_AS_NEWCOMER: it offers to those who were there before it, and
 *   to those who ask it (RENEGOTIATE)
 * @PEAL_OFFERING_BY_ITSELF: it offers or waits as it likes, and cannot be told
 * @PEAL_OFFERING_ALWAYS: it offers to everyone that it is told of, and takes
 *   no offer
 * @PEAL_OFFERING_NEVER: it asks for the offers that it wants (RENEGOTIATE)
 *
 * How a member comes to its offers: what its protocol knows. Said by a
 * server's dialect in JOIN.
 */
typedef enum {
  PEAL_OFFERING_AS_TOLD,
  PEAL_OFFERING_AS_NEWCOMER,
  PEAL_OFFERING_BY_ITSELF,
  PEAL_OFFERING_ALWAYS,
  PEAL_OFFERING_NEVER,
} PealOffering;

/**
 * PealMember:
 * @id: the server's name for the member
 * @name: the name people see, or NULL
 * @meta: (nullable): application data, an object
 * @offers: whether this member offers to us (else we offer to it)
 * @is_presumed: nobody said that it is there; an offer to it may have to wait
 *   for an answer as long as it takes
 * @is_settled: the protocol's end of the connection has decided already whose
 *   offer counts when two cross: one that comes from this member does
 */
typedef struct {
  gchar *id;
  gchar *name;
  JsonNode *meta;
  gboolean offers;
  gboolean is_presumed;
  gboolean is_settled;
} PealMember;

/**
 * PealIceServer:
 * @urls: `stun:`, `turn:` or `turns:` URLs
 * @username: (nullable): for TURN
 * @credential: (nullable): for TURN; never logged
 */
typedef struct {
  GStrv urls;
  gchar *username;
  gchar *credential;
} PealIceServer;

typedef struct {
  gatomicrefcount ref_count;
  PealMessageKind kind;
  gchar *peer_id;
  gchar *session;
  gchar *replaces; /* of an offer: the peer's session that it counters */
  gchar *sdp;
  gchar *candidate;
  gchar *sdp_mid;
  gint sdp_mline_index; /* -1: not given */
  JsonNode *body;
  gchar *text;
  gchar *code;
  gchar *room;
  gchar *name;
  gchar *token;  /* never logged */
  gchar *resume; /* never logged */
  JsonNode *meta;
  gboolean prefers_offering;
  PealOffering offering;
  gboolean has_one_connection; /* it cannot tell members apart */
  gchar *calls; /* the id or name of the only one it wants to meet, or NULL */
  gboolean keeps_id;   /* it has been told its id before */
  gboolean can_resume; /* after a lost connection, with its key */
  PealMember *member;
  GPtrArray *members;     /* of PealMember */
  GPtrArray *ice_servers; /* of PealIceServer */
} PealMessage;

#define PEAL_TYPE_MESSAGE (peal_message_get_type ())
GType
peal_message_get_type (void);

PealMessage *
peal_message_new (PealMessageKind kind, const gchar *peer_id);
PealMessage *
peal_message_ref (PealMessage *self);
void
peal_message_unref (PealMessage *self);
const gchar *
peal_message_kind_to_string (PealMessageKind kind);

PealMessage *
peal_message_new_offer (
    const gchar *peer_id, const gchar *session, const gchar *sdp);
PealMessage *
peal_message_new_answer (
    const gchar *peer_id, const gchar *session, const gchar *sdp);
PealMessage *
peal_message_new_candidate (const gchar *peer_id, const gchar *session,
    const gchar *candidate, const gchar *sdp_mid, gint sdp_mline_index);
PealMessage *
peal_message_new_text (const gchar *peer_id, JsonNode *body);
PealMessage *
peal_message_new_bye (
    const gchar *peer_id, const gchar *session, const gchar *reason);
PealMessage *
peal_message_new_error (
    const gchar *peer_id, const gchar *code, const gchar *text);

PealMessage *
peal_message_new_relayed (const PealMessage *message, const gchar *sender);

PealMember *
peal_member_new (
    const gchar *id, const gchar *name, JsonNode *meta, gboolean offers);
PealMember *
peal_member_copy (const PealMember *self);
void
peal_member_free (PealMember *self);

PealIceServer *
peal_ice_server_new (
    const gchar *const *urls, const gchar *username, const gchar *credential);
void
peal_ice_server_free (PealIceServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealMessage, peal_message_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealMember, peal_member_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealIceServer, peal_ice_server_free)

G_END_DECLS
