/*
 * Who says what in the Socket.IO signalling servers of the world: a table of
 * profiles (protocols.md section 4.3), read in both roles, and the reading
 * rules that cover the pages that stray from it. Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/**
 * PealProfile:
 * @PEAL_PROFILE_MESH: Node socket.io, kebab-case, acknowledgements
 * @PEAL_PROFILE_PY: python-socketio, snake_case
 * @PEAL_PROFILE_CODELAB: Google's WebRTC codelab: two in a room, `message`
 * @PEAL_PROFILE_BROADCAST: two in a room, `webrtc_offer` and `start_call`
 * @PEAL_PROFILE_UNKNOWN: not known yet
 */
typedef enum {
  PEAL_PROFILE_MESH,
  PEAL_PROFILE_PY,
  PEAL_PROFILE_CODELAB,
  PEAL_PROFILE_BROADCAST,
  PEAL_PROFILE_UNKNOWN,
} PealProfile;

#define PEAL_N_PROFILES PEAL_PROFILE_UNKNOWN

typedef enum {
  PEAL_PROFILE_FROM_CLIENT,
  PEAL_PROFILE_FROM_SERVER,
} PealProfileSide;

/**
 * PealProfileWord:
 *
 * What an event means, and the PealMessage that says the rest. @peer_id is
 * whom it is for (from a client) or whom it is from or about (from a server);
 * NULL in the profiles for two.
 *
 * From a client:
 * @PEAL_WORD_CREATE: JOIN with a room: makes it and enters
 * @PEAL_WORD_JOIN: JOIN with a room, maybe a name
 * @PEAL_WORD_LEAVE: BYE to nobody
 *
 * From a server:
 * @PEAL_WORD_CREATED: JOINED: we are the first
 * @PEAL_WORD_JOINED: JOINED: somebody is there already
 * @PEAL_WORD_FULL: ERROR: there is no place
 * @PEAL_WORD_MEMBERS: JOINED with members
 * @PEAL_WORD_PEER_JOINED: PEER_JOINED; in the profiles for two without member
 * @PEAL_WORD_PEER_LEFT: PEER_LEFT
 * @PEAL_WORD_READY: PEER_JOINED without member: both are there
 * @PEAL_WORD_ERROR: ERROR
 *
 * From both:
 * @PEAL_WORD_START: RENEGOTIATE: offer to me, please (`start_call`)
 * @PEAL_WORD_MEDIA: RENEGOTIATE: my camera is ready (`got user media`)
 * @PEAL_WORD_OFFER: OFFER
 * @PEAL_WORD_ANSWER: ANSWER
 * @PEAL_WORD_CANDIDATE: CANDIDATE; end of candidates too
 * @PEAL_WORD_BYE: BYE
 */
typedef enum {
  PEAL_WORD_CREATE,
  PEAL_WORD_JOIN,
  PEAL_WORD_LEAVE,
  PEAL_WORD_CREATED,
  PEAL_WORD_JOINED,
  PEAL_WORD_FULL,
  PEAL_WORD_MEMBERS,
  PEAL_WORD_PEER_JOINED,
  PEAL_WORD_PEER_LEFT,
  PEAL_WORD_READY,
  PEAL_WORD_ERROR,
  PEAL_WORD_START,
  PEAL_WORD_MEDIA,
  PEAL_WORD_OFFER,
  PEAL_WORD_ANSWER,
  PEAL_WORD_CANDIDATE,
  PEAL_WORD_BYE,
} PealProfileWord;

PealProfile
peal_profile_from_string (const gchar *name);
const gchar *
peal_profile_to_string (PealProfile profile);
gboolean
peal_profile_is_for_two (PealProfile profile);

gboolean
peal_profile_decode (PealProfileSide side, PealProfile *profile, JsonNode *data,
    PealProfileWord *word, PealMessage **message);
JsonNode *
peal_profile_encode (PealProfileSide side, PealProfile profile,
    PealProfileWord word, const PealMessage *message);

gboolean
peal_profile_decode_ack (JsonNode *argument, PealMessage **message);
JsonNode *
peal_profile_encode_ack (const gchar *room, GPtrArray *members);
JsonNode *
peal_profile_encode_ack_error (const gchar *text);

G_END_DECLS
