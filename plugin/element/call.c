/*
 * The loop's side of a pealbin. See call.h. Made by peal-bin; makes a visit to
 * the room for each start, and brings every method to the loop.
 *
 * Life cycle: new -> open (NULL to READY) -> start (READY to PAUSED) -> stop
 * (PAUSED to READY) -> close (READY to NULL) -> free.
 */
#include "element/call.h"

#include "base/error.h"
#include "base/loop-thread.h"
#include "element/report.h"
#include "element/visit.h"
#include "wire/app-body.h"

GST_DEBUG_CATEGORY_STATIC (peal_element_call_debug);
#define GST_CAT_DEFAULT peal_element_call_debug

struct _PealCall {
  GstElement *element; /* our owner */
  PealOutputs *outputs;
  PealLoopThread *loop; /* NULL while closed */

  PealVisit *visit; /* on the loop only; NULL while stopped */
};

typedef struct {
  PealCall *call;
  PealSettings *settings;
  GPtrArray *tracks;
  GError **error;
  gboolean is_done;
} Start;

/* ---- starting ---- */

static void
run_start (gpointer data)
{
  Start *start = data;
  PealCall *self = start->call;

  self->visit = peal_visit_new (self->element, self->outputs);
  start->is_done = peal_visit_start (
      self->visit, start->settings, start->tracks, start->error);
  if (start->is_done)
    peal_outputs_tell_refused (self->outputs);
}

/**
 * peal_call_start:
 * @settings: checked
 * @tracks: (element-type PealTrack): what to send
 * @error: in words fit for the user
 *
 * Serves, if asked to, and begins to join the room.
 */
gboolean
peal_call_start (PealCall *self, const PealSettings *settings,
    GPtrArray *tracks, GError **error)
{
  g_auto (PealSettings) copy = { 0 };
  Start start = { self, &copy, tracks, error, FALSE };

  peal_settings_copy (settings, &copy);
  peal_loop_thread_call (self->loop, run_start, &start);
  if (!start.is_done)
    peal_call_stop (self);

  return start.is_done;
}

/* ---- stopping ---- */

typedef struct {
  PealCall *call;
  PealVisit *visit;
} Stop;

static void
run_stop (gpointer data)
{
  Stop *stop = data;

  stop->visit = g_steal_pointer (&stop->call->visit);
  if (stop->visit)
    peal_visit_stop (stop->visit);
}

/**
 * peal_call_stop:
 *
 * Leaves the room and waits until every peer's elements are gone.
 */
void
peal_call_stop (PealCall *self)
{
  Stop stop = { self, NULL };

  peal_loop_thread_call (self->loop, run_stop, &stop);
  /* Waits for the reaper, so not on the loop. */
  g_clear_pointer (&stop.visit, peal_visit_free);
}

/* ---- methods: each a job for the loop ---- */

static PealSession *
get_session (PealCall *self)
{
  return self->visit ? peal_visit_get_session (self->visit) : NULL;
}

typedef struct {
  PealCall *call;
  PealTrack *track;
  GstPad *pad;
  const gchar *peer_id;
  const gchar *text;
  const GError *error;
  PealMediaKind kind;
  gboolean flags[2];
  GstStructure *report;
  gboolean is_done;
} Job;

static void
run (PealCall *self, PealLoopFunc func, Job *job)
{
  job->call = self;
  if (self->loop)
    peal_loop_thread_call (self->loop, func, job);
  else
    func (job);
}

static void
run_add_track (gpointer data)
{
  Job *job = data;

  if (get_session (job->call))
    peal_session_add_track (get_session (job->call), job->track);
}

/**
 * peal_call_add_track:
 *
 * Sends @track to everyone from now on.
 */
void
peal_call_add_track (PealCall *self, PealTrack *track)
{
  run (self, run_add_track, &(Job){ .track = track });
}

static void
run_remove_track (gpointer data)
{
  Job *job = data;

  if (get_session (job->call))
    peal_session_remove_track (get_session (job->call), job->track);
}

/**
 * peal_call_remove_track:
 *
 * When it returns, nobody sends @track any more.
 */
void
peal_call_remove_track (PealCall *self, PealTrack *track)
{
  run (self, run_remove_track, &(Job){ .track = track });
}

static void
run_review_tracks (gpointer data)
{
  PealCall *self = data;

  if (get_session (self))
    peal_session_review_tracks (get_session (self));
}

/**
 * peal_call_review_tracks:
 *
 * A track's input changed. Only posts, so that it may be called on a streaming
 * thread with a stream lock held.
 */
void
peal_call_review_tracks (PealCall *self)
{
  if (self->loop)
    peal_loop_thread_post (self->loop, run_review_tracks, self, NULL);
}

static void
run_request_mix (gpointer data)
{
  Job *job = data;

  job->pad = peal_outputs_request_mix (job->call->outputs, job->kind);
}

/**
 * peal_call_request_mix:
 *
 * Returns: (transfer none) (nullable): see peal_outputs_request_mix()
 */
GstPad *
peal_call_request_mix (PealCall *self, PealMediaKind kind)
{
  Job job = { .kind = kind };

  run (self, run_request_mix, &job);

  return job.pad;
}

static void
run_release_mix (gpointer data)
{
  Job *job = data;

  peal_outputs_release_mix (job->call->outputs, job->pad);
}

void
peal_call_release_mix (PealCall *self, GstPad *pad)
{
  run (self, run_release_mix, &(Job){ .pad = pad });
}

static void
run_send_eos (gpointer data)
{
  Job *job = data;

  peal_outputs_send_eos (job->call->outputs);
}

void
peal_call_send_eos (PealCall *self)
{
  run (self, run_send_eos, &(Job){ 0 });
}

static void
run_send_message (gpointer data)
{
  Job *job = data;
  PealCall *self = job->call;
  g_autoptr (JsonNode) body = peal_app_body_new (job->text);
  g_autoptr (GError) error = NULL;

  job->is_done = get_session (self) &&
      peal_session_send_message (
          get_session (self), job->peer_id, body, &error);
  if (g_error_matches (error, PEAL_ERROR, PEAL_ERROR_USAGE))
    GST_ELEMENT_WARNING (self->element, RESOURCE, WRITE,
        ("The message is not sent: %s", error->message), (NULL));
  else if (error)
    GST_INFO_OBJECT (self->element, "send-message: %s", error->message);
}

/**
 * peal_call_send_message:
 * @peer_id: (nullable): one peer, or NULL for all
 * @text: plain text, or a JSON object or array
 *
 * Returns: whether it was accepted, see peal_messenger_send(); what can never
 *   be sent (too large, no such peer) is told as a warning, too
 */
gboolean
peal_call_send_message (PealCall *self, const gchar *peer_id, const gchar *text)
{
  Job job = { .peer_id = peer_id, .text = text };

  run (self, run_send_message, &job);

  return job.is_done;
}

static void
run_hang_up (gpointer data)
{
  Job *job = data;

  if (get_session (job->call))
    peal_session_hang_up (get_session (job->call), job->peer_id);
}

void
peal_call_hang_up (PealCall *self, const gchar *peer_id)
{
  run (self, run_hang_up, &(Job){ .peer_id = peer_id });
}

static void
run_request_key_frame (gpointer data)
{
  Job *job = data;

  if (get_session (job->call))
    peal_session_request_key_frame (get_session (job->call), job->peer_id);
}

void
peal_call_request_key_frame (PealCall *self, const gchar *peer_id)
{
  run (self, run_request_key_frame, &(Job){ .peer_id = peer_id });
}

static void
run_set_muted (gpointer data)
{
  Job *job = data;

  if (get_session (job->call))
    peal_session_set_muted (
        get_session (job->call), job->flags[0], job->flags[1]);
}

/**
 * peal_call_set_muted:
 *
 * Stops or resumes our media, and tells the others.
 */
void
peal_call_set_muted (
    PealCall *self, gboolean is_audio_muted, gboolean is_video_muted)
{
  run (self, run_set_muted,
      &(Job){ .flags = { is_audio_muted, is_video_muted } });
}

static void
run_settle (gpointer data)
{
  Job *job = data;

  if (get_session (job->call))
    peal_session_settle (get_session (job->call));
}

/**
 * peal_call_settle:
 *
 * Before the element changes its state: GstBin takes links that go meanwhile
 * for a loop in its graph, and warns.
 */
void
peal_call_settle (PealCall *self)
{
  run (self, run_settle, &(Job){ 0 });
}

static void
run_play (gpointer data)
{
  Job *job = data;

  job->is_done = !job->call->visit || peal_visit_play (job->call->visit);
}

/**
 * peal_call_play:
 *
 * Returns: whether the call has not failed yet; if it has, the error is posted
 */
gboolean
peal_call_play (PealCall *self)
{
  Job job = { 0 };

  run (self, run_play, &job);

  return job.is_done;
}

typedef struct {
  PealCall *call;
  gchar *peer_id;
  GError *error;
} Failure;

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_free (failure->peer_id);
  g_error_free (failure->error);
  g_free (failure);
}

static void
run_fail_peer (gpointer data)
{
  Failure *failure = data;

  if (get_session (failure->call))
    peal_session_fail_peer (
        get_session (failure->call), failure->peer_id, failure->error);
}

/**
 * peal_call_fail_peer:
 *
 * An element of @peer_id posted @error. Only posts: any thread, any lock.
 */
void
peal_call_fail_peer (PealCall *self, const gchar *peer_id, const GError *error)
{
  Failure *failure;

  if (!self->loop)
    return;

  failure = g_new0 (Failure, 1);
  failure->call = self;
  failure->peer_id = g_strdup (peer_id);
  failure->error = g_error_copy (error);
  peal_loop_thread_post (self->loop, run_fail_peer, failure, failure_free);
}

static void
run_make_report (gpointer data)
{
  Job *job = data;

  job->report = peal_report_make (get_session (job->call), job->flags[0]);
}

/**
 * peal_call_make_report:
 * @is_full: with statistics
 *
 * Returns: (transfer full): see peal_report_make()
 */
GstStructure *
peal_call_make_report (PealCall *self, gboolean is_full)
{
  Job job = { .flags = { is_full } };

  run (self, run_make_report, &job);

  return job.report;
}

/* ---- life ---- */

gboolean
peal_call_is_current (PealCall *self)
{
  return self->loop && peal_loop_thread_is_current (self->loop);
}

/**
 * peal_call_open:
 *
 * Starts the loop.
 */
void
peal_call_open (PealCall *self)
{
  self->loop = peal_loop_thread_new ("peal-loop");
}

void
peal_call_close (PealCall *self)
{
  if (!self->loop)
    return;

  peal_loop_thread_stop (self->loop);
  g_clear_pointer (&self->loop, peal_loop_thread_free);
}

/**
 * peal_call_new:
 * @element: our owner
 */
PealCall *
peal_call_new (GstElement *element)
{
  PealCall *self = g_new0 (PealCall, 1);

  GST_DEBUG_CATEGORY_INIT (
      peal_element_call_debug, "peal-element-call", 0, "Peal: one call");
  self->element = element;
  self->outputs = peal_outputs_new (GST_BIN (element));

  return self;
}

void
peal_call_free (PealCall *self)
{
  peal_call_close (self);
  peal_outputs_free (self->outputs);
  g_free (self);
}
