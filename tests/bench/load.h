/*
 * A crowd of room members, for the signalling bench: as little per member as
 * there can be, so that the server is what is measured. Test code; Linux.
 */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

#define LOAD_SCRATCH_BYTES (256 * 1024)
#define LOAD_MAX_ID_BYTES 64

typedef enum {
  LOAD_ROOMS,    /* Peal rooms, which the server on `ws` speaks, too */
  LOAD_SOCKETIO, /* the same words as Socket.IO events */
} LoadDialect;

typedef enum {
  LOAD_SHAKING, /* the HTTP handshake is under way */
  LOAD_OPENING, /* Socket.IO: connected to the namespace next */
  LOAD_JOINING,
  LOAD_JOINED,
} LoadStep;

/**
 * LoadMember:
 * @rest: (nullable): the beginning of a frame whose end has not come
 */
typedef struct {
  gint fd;
  LoadStep step;
  guint room;
  gchar id[LOAD_MAX_ID_BYTES + 1];
  GByteArray *rest;
} LoadMember;

/**
 * LoadCrowd:
 * @relayed: called for each relayed message that arrives, with when it was
 *   due to be sent, monotonic microseconds
 */
typedef struct {
  LoadDialect dialect;
  guint port;
  guint n_members;
  guint n_rooms;
  guint n_joined;
  LoadMember *members; /* those of a room stand together */
  gint epoll;
  void (*relayed) (LoadMember *to, gint64 due_us);
} LoadCrowd;

extern LoadCrowd load_crowd;

/* ---- load-words.c: what members say and hear ---- */

gsize
load_words_handshake (gchar *buffer, gsize size);
gsize
load_words_join (gchar *frame, const LoadMember *member);
gsize
load_words_candidate (gchar *frame, const LoadMember *to, gint64 due_us);
void
load_words_hear (LoadMember *member, gchar *text, gsize length);

/* ---- load-member.c: their sockets ---- */

void
load_member_connect (LoadMember *member);
void
load_member_write (LoadMember *member, const gchar *bytes, gsize length);
gsize
load_member_frame (gchar *frame, guint opcode, const gchar *text, gsize length);
void
load_member_read (LoadMember *member);

G_END_DECLS
