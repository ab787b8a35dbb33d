/*
 * What the two halves of the Socket.IO profiles share: a row of the table and
 * the shapes of arguments. Pure.
 */
#pragma once

#include "wire/socketio-profiles.h"

G_BEGIN_DECLS

/**
 * PealProfileShape: an event's arguments, as they are written
 * @PEAL_SHAPE_NOTHING: none
 * @PEAL_SHAPE_ROOM: room
 * @PEAL_SHAPE_ROOM_OBJECT: {room, username}
 * @PEAL_SHAPE_ROOM_AND_ID: room, id
 * @PEAL_SHAPE_IDS: [id, …]
 * @PEAL_SHAPE_SIDS: [{sid, username}, …]
 * @PEAL_SHAPE_USER_ID: {userId, userName}
 * @PEAL_SHAPE_SID: {sid, username}
 * @PEAL_SHAPE_ERROR: {message}
 * @PEAL_SHAPE_OFFER: {target or from, offer: {type, sdp}}
 * @PEAL_SHAPE_ANSWER: {target or from, answer: {type, sdp}}
 * @PEAL_SHAPE_CANDIDATE: {target or from, candidate: {…}}
 * @PEAL_SHAPE_ANYTHING: read only: what it holds says what it is
 * @PEAL_SHAPE_DESCRIPTION: {type, sdp}
 * @PEAL_SHAPE_OFFER_IN_ROOM: {type: "webrtc_offer", sdp: {type, sdp}, roomId}
 * @PEAL_SHAPE_ANSWER_IN_ROOM: the same with "webrtc_answer"
 * @PEAL_SHAPE_LABEL: {type: "candidate", label, id, candidate}
 * @PEAL_SHAPE_LABEL_IN_ROOM: {roomId, label, candidate}
 * @PEAL_SHAPE_MEDIA: "got user media"
 * @PEAL_SHAPE_BYE: "bye"
 */
typedef enum {
  PEAL_SHAPE_NOTHING,
  PEAL_SHAPE_ROOM,
  PEAL_SHAPE_ROOM_OBJECT,
  PEAL_SHAPE_ROOM_AND_ID,
  PEAL_SHAPE_IDS,
  PEAL_SHAPE_SIDS,
  PEAL_SHAPE_USER_ID,
  PEAL_SHAPE_SID,
  PEAL_SHAPE_ERROR,
  PEAL_SHAPE_OFFER,
  PEAL_SHAPE_ANSWER,
  PEAL_SHAPE_CANDIDATE,
  PEAL_SHAPE_ANYTHING,
  PEAL_SHAPE_DESCRIPTION,
  PEAL_SHAPE_OFFER_IN_ROOM,
  PEAL_SHAPE_ANSWER_IN_ROOM,
  PEAL_SHAPE_LABEL,
  PEAL_SHAPE_LABEL_IN_ROOM,
  PEAL_SHAPE_MEDIA,
  PEAL_SHAPE_BYE,
} PealProfileShape;

typedef struct {
  PealProfile profile;
  guint sides;
  PealProfileWord word;
  PealProfileShape shape;
  const gchar *name;
} PealProfileRow;

const PealProfileRow *
peal_profile_find_row (
    PealProfileSide side, PealProfile profile, PealProfileWord word);

G_END_DECLS
