/*
 * A room with real members: the server on a thread of its own, and pipelines
 * around pealbin with known pictures and tones.
 *
 *   room ── PealServer (loop thread, loopback, a free port)
 *     ├── alice: a red camera, 440 Hz ─ pealbin ─ mix_video, mix_audio ─ senses
 *     ├── bob: ...                              └ remote_* ─ senses, if wanted
 *     └── carol, a gst-launch-1.0 process of her own, which can be killed
 *
 * A test reads: alice = member_join (room, "alice", MEDIA_RED, 440);
 * until (sees (bob, MEDIA_RED)); Main thread, unless something else is said.
 */
#pragma once

#include <gio/gio.h>

#include "media-check.h"
#include "senses.h"
#include "server/server.h"

G_BEGIN_DECLS

#define MEDIA_YELLOW 0xffff00u
#define NO_CAMERA G_MAXUINT
#define NO_MICROPHONE 0
#define PICTURE_CAPS "video/x-raw,width=320,height=240,framerate=15/1"

/* Chosen: far above what anything here takes on a slow machine. */
#define UNTIL_LIMIT_MS 30000

/**
 * until:
 * @expression: looked at again and again, with its arguments
 *
 * Waits for @expression and fails the test, naming it, when it does not come.
 */
#define until(expression)                                              \
  G_STMT_START                                                         \
  {                                                                    \
    gint64 end_us = until_begin (UNTIL_LIMIT_MS);                      \
    while (!(expression))                                              \
      if (!until_step (end_us))                                        \
        g_error ("%s:%d: waited in vain until %s", __FILE__, __LINE__, \
            #expression);                                              \
  }                                                                    \
  G_STMT_END

void
call_rig_init (int *argc, char ***argv);
gint64
until_begin (guint limit_ms);
gboolean
until_step (gint64 end_us);

/* ---- the room */

typedef struct _Room Room;

Room *
room_open (void);
Room *
room_open_with (const PealServerOptions *options);
void
room_close (Room *self);
void
room_stop (Room *self);
void
room_start (Room *self);
guint
room_get_port (Room *self);
gchar *
room_dup_uri (Room *self);

/* How long the machine itself held back a stream of pictures at worst. */
void
room_reset_stalls (Room *self);
gint64
room_get_stall_ms (Room *self);

/**
 * assert_no_gap:
 * @flow: a stream of pictures or sound, linked to something
 *
 * The bound, plus what the machine did to a stream that has nothing
 * to do with Peal; twice, because what came too late for the receive buffer
 * has to be sent again.
 */
#define GAP_LIMIT_MS 300
#define assert_no_gap(room, flow)                      \
  g_assert_cmpint (flow_get_longest_gap_ms (flow), <=, \
      GAP_LIMIT_MS * wait_slowness () + 2 * room_get_stall_ms (room))

/* ---- its members */

/**
 * MemberOptions:
 * @rgb: of its camera, a picture of one colour with a white ball that moves;
 *   NO_CAMERA: it has none
 * @hz: of its microphone; NO_MICROPHONE: it has none
 * @uri: (nullable): other than the room's
 * @properties: (nullable): more of pealbin's, as gst-launch-1.0 takes them
 * @video: (nullable): a source in place of the camera
 * @audio: (nullable): a source in place of the microphone
 * @tail: (nullable): more of the pipeline, with `call.` for the pealbin
 * @has_no_mix: whether mix_video and mix_audio stay unlinked
 * @watches_remotes: whether every remote_* pad gets an eye or an ear
 * @may_fail: whether an error on its bus is what the test is about
 */
typedef struct {
  const gchar *name;
  guint rgb;
  guint hz;
  const gchar *uri;
  const gchar *properties;
  const gchar *video;
  const gchar *audio;
  const gchar *tail;
  gboolean has_no_mix;
  gboolean watches_remotes;
  gboolean may_fail;
} MemberOptions;

typedef struct _Member Member;

gchar *
member_describe (Room *room, const MemberOptions *options);
Member *
member_join (Room *room, const gchar *name, guint rgb, guint hz);
Member *
member_join_with (Room *room, const MemberOptions *options);
Member *
member_new (Room *room, const MemberOptions *options);
void
member_play (Member *self);
void
member_stop (Member *self);
void
member_leave (Member *self);
GstElement *
member_get_call (Member *self);
GstElement *
member_get_pipeline (Member *self);
GstElement *
member_get (Member *self, const gchar *element_name);
GstElement *
member_add (Member *self, const gchar *description);
Flow *
member_watch (Member *self, const gchar *pad_name);
const gchar *
pad_of (Member *self, const gchar *kind, const gchar *peer_name);
guint
count_peers (Member *self, const gchar *name);

gboolean
sees (Member *self, guint rgb);
gboolean
hears (Member *self, gdouble hz);
gboolean
hears_silence (Member *self);
gboolean
is_black (Member *self);
gboolean
sees_on (Member *self, const gchar *pad_name, guint rgb);
gboolean
hears_on (Member *self, const gchar *pad_name, gdouble hz);
gboolean
has_pad (Member *self, const gchar *pad_name);
gboolean
is_size_on (Member *self, const gchar *pad_name, guint width, guint height);

/* What its bus, or its signals, said: fields and values, up to NULL. A warning
 * is an event `warning` with `text`. */
guint
count_events (Member *self, const gchar *name, ...) G_GNUC_NULL_TERMINATED;
guint
count_signals (Member *self, const gchar *name);
const gchar *
last_field (Member *self, const gchar *event, const gchar *of,
    const gchar *value, const gchar *field);
#define has_event(member, ...) (count_events (member, __VA_ARGS__, NULL) > 0)
gboolean
is_connected_to (Member *self, const gchar *name);
guint
count_connected (Member *self);
void
forget_events (Member *self);
guint
count_errors (Member *self);
const gchar *
get_error (Member *self);
gboolean
is_at_end (Member *self);

guint
count_elements (Member *self, const gchar *klass, const gchar *media);
guint
count_factory (Member *self, const gchar *factory);

/* A member in a process of its own. */
GSubprocess *
child_join (Room *room, const gchar *name, guint rgb, guint hz);
void
child_kill (GSubprocess *child);

G_END_DECLS
