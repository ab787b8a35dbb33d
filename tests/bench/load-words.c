/*
 * What the members of the crowd say and hear. See load.h. Called by
 * load-member.c and load.c.
 *
 * All say the same, but for whom it is for and when it was due: a candidate,
 * which is what members say most.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

#define MAX_TEXT_BYTES 1024
#define DUE_MARK " due "

gsize
load_words_handshake (gchar *buffer, gsize size)
{
  const gchar *path = load_crowd.dialect == LOAD_SOCKETIO
      ? "/socket.io/?EIO=4&transport=websocket"
      : "/ws";

  return g_snprintf (buffer, size,
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      path, load_crowd.port);
}

gsize
load_words_join (gchar *frame, const LoadMember *member)
{
  gchar text[MAX_TEXT_BYTES];
  gint length;

  if (load_crowd.dialect == LOAD_SOCKETIO)
    length = g_snprintf (text, sizeof text,
        "42[\"join\",{\"room\":\"room-%u\",\"name\":\"member\"}]",
        member->room);
  else
    length = g_snprintf (text, sizeof text,
        "{\"type\":\"join\",\"room\":\"room-%u\",\"name\":\"member\"}",
        member->room);
  return load_member_frame (frame, 1, text, length);
}

gsize
load_words_candidate (gchar *frame, const LoadMember *to, gint64 due_us)
{
  static const gchar form[] =
      "%s\"to\":\"%s\",\"session\":\"s-0123456789\","
      "\"candidate\":{\"candidate\":\"candidate:1 1 UDP 2122260223 "
      "192.0.2.17 50000 typ host ufrag abcd" DUE_MARK "%016" G_GINT64_FORMAT
      "\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}%s";
  gboolean is_socketio = load_crowd.dialect == LOAD_SOCKETIO;
  gchar text[MAX_TEXT_BYTES];
  gint length = g_snprintf (text, sizeof text, form,
      is_socketio ? "42[\"candidate\",{" : "{\"type\":\"candidate\",", to->id,
      due_us, is_socketio ? "]" : "");

  return load_member_frame (frame, 1, text, length);
}

static void
say (LoadMember *member, const gchar *text)
{
  gchar frame[MAX_TEXT_BYTES];

  load_member_write (
      member, frame, load_member_frame (frame, 1, text, strlen (text)));
}

static void
say_join (LoadMember *member)
{
  gchar frame[MAX_TEXT_BYTES];

  member->step = LOAD_JOINING;
  load_member_write (member, frame, load_words_join (frame, member));
}

/* Our own id is the first in `joined`, from every server. */
static void
hear_joined (LoadMember *member, const gchar *text, gsize length)
{
  static const gchar mark[] = "\"id\":\"";
  const gchar *id = memmem (text, length, mark, sizeof mark - 1);
  const gchar *end;

  if (!id || !memmem (text, length, "\"joined\"", 8))
    return;
  id += sizeof mark - 1;
  end = memchr (id, '"', text + length - id);
  if (!end || end - id > LOAD_MAX_ID_BYTES) {
    fprintf (stderr, "an id without end\n");
    exit (1);
  }
  memcpy (member->id, id, end - id);
  member->step = LOAD_JOINED;
  load_crowd.n_joined++;
}

static void
hear_relayed (LoadMember *member, const gchar *text, gsize length)
{
  const gchar *due = memmem (text, length, DUE_MARK, sizeof DUE_MARK - 1);

  if (due && load_crowd.relayed)
    load_crowd.relayed (
        member, g_ascii_strtoll (due + sizeof DUE_MARK - 1, NULL, 10));
}

/**
 * load_words_hear:
 * @text: a frame, which may be written to
 */
void
load_words_hear (LoadMember *member, gchar *text, gsize length)
{
  gboolean is_socketio = load_crowd.dialect == LOAD_SOCKETIO;

  if (is_socketio && length == 1 && text[0] == '2') {
    say (member, "3");
    return;
  }
  if (member->step == LOAD_JOINED) {
    hear_relayed (member, text, length);
  } else if (member->step == LOAD_JOINING) {
    hear_joined (member, text, length);
  } else if (is_socketio && text[0] == '0') {
    say (member, "40");
  } else if (is_socketio && length > 2 && text[0] == '4' && text[1] == '0') {
    say_join (member);
  }
}
