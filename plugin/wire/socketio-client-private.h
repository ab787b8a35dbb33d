/*
 * What the two halves of the Socket.IO client share. Pure.
 */
#pragma once

#include "wire/foreign-peers.h"
#include "wire/socketio-client.h"

G_BEGIN_DECLS

/* The issue: a newcomer waits 300 ms for the members' offers, a member 1 s for
 * the newcomer's. */
#define NEWCOMER_WAIT_US (300 * 1000)
#define MEMBER_WAIT_US G_USEC_PER_SEC
/* Chosen: where the profile says that the other offers, or when. */
#define PATIENCE_US (5 * G_USEC_PER_SEC)
/* How far we are. */
typedef enum {
  PEAL_SOCKETIO_PHASE_CONNECTING,
  PEAL_SOCKETIO_PHASE_JOINING, /* waits for an answer to the wish to join */
  PEAL_SOCKETIO_PHASE_ENTERED, /* was let in; who is there may follow */
  PEAL_SOCKETIO_PHASE_JOINED,
} PealSocketioPhase;

struct _PealSocketioClient {
  PealDialect parent;

  gchar *room;
  gchar *name;
  gchar *token; /* never logged */
  PealProfile given;
  PealProfile profile;
  PealProfile asked; /* the profile of the last wish to join */
  guint n_refusals;  /* of `mesh` wishes, each followed by another one */

  PealSocketioPhase phase;
  gint64 limit_us; /* of the phase */
  gchar *id;
  PealForeignPeers *peers;
  gboolean is_first;      /* in a room for two: we offer */
  gboolean is_peer_ready; /* in a room for two: its camera is */
};

PealProfile
peal_socketio_client_get_profile (PealSocketioClient *self);
PealMember *
peal_socketio_client_make_member (const gchar *id, const gchar *name);
void
peal_socketio_client_say_error (
    PealSocketioClient *self, const gchar *code, const gchar *text);
void
peal_socketio_client_enter (
    PealSocketioClient *self, GPtrArray *members, gint64 offer_us);
void
peal_socketio_client_take_members (
    PealSocketioClient *self, GPtrArray *members, gint64 now_us);
void
peal_socketio_client_take_word_in_room (PealSocketioClient *self,
    PealProfileWord word, PealMessage *message, gint64 now_us);

G_END_DECLS
