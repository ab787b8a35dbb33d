/*
 * A track with real media, and people who watch it:
 *
 *   source ! track ─┬─ branch ! depayloader ! decoder ! appsink   (a viewer)
 *                   └─ branch ! depayloader ! decoder ! appsink   (another)
 *
 * Everything is in one pipeline. Any error on its bus fails the test. The
 * functions read as sentences: given_a_track(), when_somebody_watches(),
 * sees(). Main thread.
 */
#pragma once

#include "media/track.h"

G_BEGIN_DECLS

#define TIMEOUT_MS 10000
#define PICTURE "video/x-raw,width=320,height=240,framerate=30/1 ! identity"
#define RED_CAMERA "videotestsrc is-live=true pattern=red ! " PICTURE
#define BLUE_CAMERA "videotestsrc is-live=true pattern=blue ! " PICTURE
#define H264_CAMERA                                                   \
  RED_CAMERA " ! video/x-raw,format=I420 ! x264enc tune=zerolatency " \
             "speed-preset=ultrafast "                                \
             "key-int-max=1000 ! h264parse"

typedef struct {
  GstElement *pipeline;
  GstElement *source;
  GstElement *track;
  gint n_warnings; /* atomic */
} Rig;

typedef struct {
  Rig *rig;
  PealTrackBranch *branch;
  GstElement *chain;
  GstElement *appsink;
  gint n_buffers; /* RTP packets or lists that left the branch; atomic */
} Viewer;

/* Counts what passes a pad: buffers, or pictures as lists of packets. */
typedef struct {
  gint n_buffers; /* atomic */
  gint n_keys;    /* atomic */
  gint n_deltas_before_key;
} Counter;

Rig *
given_a_track (PealMediaKind kind, const gchar *source);
void
remove_element (Rig *rig, GstElement *element);
void
then_it_ends (Rig *rig);
Viewer *
when_somebody_joins (Rig *rig, const gchar *codec);
Viewer *
when_somebody_watches (Rig *rig, const gchar *codec);
void
when_it_leaves (Viewer *viewer);
guint
count_encoders (Rig *rig);
GstElement *
get_encoder (Rig *rig);
gboolean
sees (Viewer *viewer, guint rgb);
void
count_on (GstElement *element, const gchar *pad_name, Counter *counter);
void
count_encoded (Viewer *viewer, Counter *counter);
void
wait_for_twenty (gint *n_buffers);
gboolean
has_encoder (gpointer data);
gboolean
is_known (gpointer data);
void
when_the_source_becomes (Rig *rig, const gchar *source);
gboolean
has_key (gpointer data);

G_END_DECLS
