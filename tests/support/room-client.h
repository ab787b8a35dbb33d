/*
 * A bare WebSocket client for tests of the room server: says any text, hears
 * JSON, one message after the other. Waits with the thread-default main
 * context, on which the server under test may run, too.
 *
 * JSON is written with single quotes, to be legible in C.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  SoupSession *session;
  SoupMessage *handshake;
  SoupWebsocketConnection *socket;
  GQueue heard; /* of JsonObject */
  JsonObject *last;
  GError *error;
  guint n_heard;
  gboolean is_finished;
  gboolean is_closed;
  gushort close_code;
} RoomClient;

RoomClient *
room_client_open (
    const gchar *url, const gchar *origin, GTlsDatabase *database);
RoomClient *
room_client_new (const gchar *url);
void
room_client_free (RoomClient *self);

void
room_client_say (RoomClient *self, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);
void
room_client_say_text (RoomClient *self, const gchar *text);
JsonObject *
room_client_hear (RoomClient *self, const gchar *type);
void
room_client_hear_error (RoomClient *self, const gchar *code);
void
room_client_hear_nothing (RoomClient *self);
gushort
room_client_wait_closed (RoomClient *self);
void
room_client_close (RoomClient *self, gushort code);
void
room_client_cut (RoomClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RoomClient, room_client_free)

/* The answer to a plain HTTP request. */
typedef struct {
  SoupMessage *message;
  gchar *body;
  GError *error;
  gboolean is_finished;
} RoomAnswer;

RoomAnswer *
room_http_ask (const gchar *method, const gchar *url, GTlsDatabase *database,
    ...) G_GNUC_NULL_TERMINATED;
RoomAnswer *
room_http_post (const gchar *url, const gchar *body);
const gchar *
room_answer_get_header (RoomAnswer *self, const gchar *name);
void
room_answer_free (RoomAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RoomAnswer, room_answer_free)

GSocketConnection *
room_socket_open (guint port);

G_END_DECLS
