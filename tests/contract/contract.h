/*
 * What every signaller promises, as one body of tests over several backends.
 * A backend is a room that members join through one kind of signaller.
 *
 * Thread: everything happens on the test's main context; a backend's server
 * may run elsewhere.
 */
#pragma once

#include "signalling/signaller.h"

typedef struct _Backend Backend;
typedef struct _BackendClass BackendClass;

/**
 * Member:
 * @signaller: its signaller
 * @id: the id it has now, or NULL
 * @heard: every message it heard, in order
 * @states: the states it went through, in order
 * @error: the last error told with a state
 * @line: the backend's own
 */
typedef struct {
  Backend *backend;
  PealSignaller *signaller;
  gchar *id;
  GPtrArray *heard;
  GArray *states;
  GError *error;
  gpointer line;
} Member;

/**
 * Lack: what a protocol has no word for. Stories about it are told of the
 * others only; there are stories of what is said instead
 * @LACK_META: data that others see
 * @LACK_TEXTS: messages of the application
 * @LACK_RESUMING: ids that outlive a connection
 * @LACK_TURNS: saying who offers
 * @LACK_WISHES: members that would rather offer
 * @LACK_LEAVING: saying that one leaves
 * @LACK_IDS: ids of members, and so more than two of them
 * @LACK_SIZES: saying that a room is full
 * @LACK_NAMES: names that others see
 * @LACK_COMING: saying that somebody has come: who is called hears the first
 *   words of the call
 */
typedef enum {
  LACK_META = 1 << 0,
  LACK_TEXTS = 1 << 1,
  LACK_RESUMING = 1 << 2,
  LACK_TURNS = 1 << 3,
  LACK_LEAVING = 1 << 4,
  LACK_IDS = 1 << 5,
  LACK_WISHES = 1 << 6,
  LACK_SIZES = 1 << 7,
  LACK_NAMES = 1 << 8,
  LACK_COMING = 1 << 9,
} Lack;

/**
 * BackendClass:
 * @lacks: Lack
 * @uri: (nullable): the backend's own
 * @calls: (nullable): whom the others call, in protocols without a room
 * @open: makes a room, with a token or not, of at most so many members or 0
 * @open_tls: (nullable): makes a room whose server speaks TLS, and keeps its
 *   certificate in @directory
 * @close: ends it
 * @connect: gives @member its signaller
 * @disconnect: (nullable): drops what @connect made besides
 * @cut: breaks the member's connection, so that neither side says goodbye
 * @restart: kills the server and starts it at the same place
 */
struct _BackendClass {
  const gchar *name;
  guint lacks;
  const gchar *uri;
  const gchar *calls;
  Backend *(*open) (
      const BackendClass *klass, const gchar *token, guint max_members);
  Backend *(*open_tls) (const BackendClass *klass, const gchar *directory);
  void (*close) (Backend *self);
  void (*connect) (
      Backend *self, Member *member, const PealSignallerConfig *config);
  void (*disconnect) (Backend *self, Member *member);
  void (*cut) (Backend *self, Member *member);
  void (*restart) (Backend *self);
};

/**
 * Backend:
 * @tls_directory: (nullable): where the server's own certificate is kept; NULL
 *   without TLS
 * @is_trusted: whether members are told of that certificate
 */
struct _Backend {
  const BackendClass *klass;
  const gchar *tls_directory;
  gboolean is_trusted;
};

extern const BackendClass loopback_backend;
extern const BackendClass server_backends[]; /* the last has no name */

/* ---- members, and what they have seen (member.c) ---- */

#define ROOM "den"

typedef struct {
  Backend *backend;
  Member *member[3];
} Fixture;

Member *
make_member (Backend *backend, const gchar *name, const gchar *token,
    gboolean prefers_offering);
void
free_member (Member *member);
gboolean
is_in_room (gpointer data);
gboolean
is_away (gpointer data);
gboolean
has_failed (gpointer data);
PealMessage *
find_heard (Member *member, PealMessageKind kind, guint n);
guint
count_heard (Member *member, PealMessageKind kind);
PealMessage *
hear (Member *member, PealMessageKind kind, guint n);
const PealMember *
meet (Member *member);
Member *
join_as (Fixture *fixture, guint i, const gchar *name, gboolean prefers);
Member *
join (Fixture *fixture, guint i, const gchar *name);
void
send_message (Member *member, PealMessage *message);
void
say (Member *member, const gchar *to, const gchar *text);
const gchar *
text_of (PealMessage *message);
gboolean
lacks (Fixture *fixture, Lack lack);
void
choose_roles (Fixture *fixture, Member **offerer, Member **answerer);
void
send_candidate (
    Member *member, const gchar *session, const gchar *text, gint line);
PealMessage *
agree (Fixture *fixture, const gchar *session, const gchar *origin);
