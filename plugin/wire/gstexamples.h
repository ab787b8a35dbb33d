/*
 * The words of gst-examples' signalling (protocols.md 2.2): lines of text, and
 * what two parties say to each other inside them. Pure; used by both of its
 * dialects.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* chosen, as in Peal rooms. */
#define PEAL_GSTEXAMPLES_MAX_FRAME_BYTES (64 * 1024)
#define PEAL_GSTEXAMPLES_MAX_ID_BYTES 128
#define PEAL_GSTEXAMPLES_MAX_PEERS 256

/**
 * PealGstexamplesKind:
 *
 * The fields each kind uses:
 *
 * @PEAL_GSTEXAMPLES_HELLO: id (NULL in a server's answer)
 * @PEAL_GSTEXAMPLES_SESSION: id
 * @PEAL_GSTEXAMPLES_SESSION_OK: nothing
 * @PEAL_GSTEXAMPLES_ROOM: id (the room)
 * @PEAL_GSTEXAMPLES_ROOM_OK: peers
 * @PEAL_GSTEXAMPLES_ROOM_PEER_LIST: peers (from a server)
 * @PEAL_GSTEXAMPLES_ROOM_PEER_JOINED: id
 * @PEAL_GSTEXAMPLES_ROOM_PEER_LEFT: id
 * @PEAL_GSTEXAMPLES_ROOM_PEER_MSG: id, text
 * @PEAL_GSTEXAMPLES_ERROR: text
 * @PEAL_GSTEXAMPLES_PAYLOAD: text: none of these; for the other party
 */
typedef enum {
  PEAL_GSTEXAMPLES_HELLO,
  PEAL_GSTEXAMPLES_SESSION,
  PEAL_GSTEXAMPLES_SESSION_OK,
  PEAL_GSTEXAMPLES_ROOM,
  PEAL_GSTEXAMPLES_ROOM_OK,
  PEAL_GSTEXAMPLES_ROOM_PEER_LIST,
  PEAL_GSTEXAMPLES_ROOM_PEER_JOINED,
  PEAL_GSTEXAMPLES_ROOM_PEER_LEFT,
  PEAL_GSTEXAMPLES_ROOM_PEER_MSG,
  PEAL_GSTEXAMPLES_ERROR,
  PEAL_GSTEXAMPLES_PAYLOAD,
} PealGstexamplesKind;

typedef struct {
  PealGstexamplesKind kind;
  gchar *id;
  GStrv peers;
  gchar *text;
} PealGstexamplesLine;

PealGstexamplesLine *
peal_gstexamples_decode (const gchar *text, gsize length, GError **error);
void
peal_gstexamples_line_free (PealGstexamplesLine *self);
gchar *
peal_gstexamples_encode (PealGstexamplesKind kind, const gchar *rest);

PealMessage *
peal_gstexamples_read_payload (const gchar *text, GError **error);
gchar *
peal_gstexamples_write_payload (const PealMessage *message);
gboolean
peal_gstexamples_is_id (const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealGstexamplesLine, peal_gstexamples_line_free)

G_END_DECLS
