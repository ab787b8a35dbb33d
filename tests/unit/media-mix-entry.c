/*
 * Sound that was late comes back to its time, in a whole mix:
 *
 *   a tone ─ held up once ─ mixer ─ ear
 */
#include "media/mixer.h"

#include "media-check.h"
#include "rtp-source.h"
#include "wait.h"

#define PATIENCE_MS 10000
#define HZ 700
#define RATE 48000
#define HOLD_MS 200
/* Chosen: of what a stall costs, the part whose end is listened to. */
#define TAKEN_MS 60
#define ATTEMPTS 20

typedef struct {
  RtpRig *rig;
  GstElement *mixer;
  GstElement *source;
  GstElement *sink;
  GstPad *input;
  GMutex lock;
  GCond released;
  gboolean is_held; /* whether the source has to wait; guarded by lock */
  gint n_given;     /* atomic: frames that came */
  gint n_entered;   /* atomic: frames that are left of them */
  gint n_moved;     /* atomic: how often it was late, and the sound jumped */
  gint taken_ms;    /* when the test looked last */
  gint moved;       /* when the test looked last */
} Mix;

static void
set_held (Mix *mix, gboolean is_held)
{
  g_mutex_lock (&mix->lock);
  mix->is_held = is_held;
  g_cond_signal (&mix->released);
  g_mutex_unlock (&mix->lock);
}

static void
wait_while_held (Mix *mix)
{
  g_mutex_lock (&mix->lock);
  while (mix->is_held)
    g_cond_wait (&mix->released, &mix->lock);
  g_mutex_unlock (&mix->lock);
}

/* A thread that is not woken: what it brings is late, and so is what follows,
 * until the source has made up for it. */
static GstPadProbeReturn
on_given (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Mix *mix = data;
  gsize size = gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));

  g_atomic_int_add (&mix->n_given, size / sizeof (gint16));
  wait_while_held (mix);
  return GST_PAD_PROBE_OK;
}

/* Called after the mixer's own probe. */
static GstPadProbeReturn
on_entered (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  Mix *mix = data;

  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    g_atomic_int_inc (&mix->n_moved);
  g_atomic_int_add (
      &mix->n_entered, gst_buffer_get_size (buffer) / sizeof (gint16));
  return GST_PAD_PROBE_OK;
}

static void
begin (Mix *self)
{
  g_autoptr (GstPad) src = NULL;
  g_autoptr (GstPad) tone = NULL;

  *self = (Mix){ 0 };
  g_mutex_init (&self->lock);
  g_cond_init (&self->released);
  self->rig = rtp_rig_new ();
  self->mixer = peal_mixer_new (PEAL_MEDIA_AUDIO, NULL);
  gst_bin_add (GST_BIN (self->rig->pipeline), self->mixer);
  src = gst_element_get_static_pad (self->mixer, "src");
  self->sink = rtp_rig_add_sink (
      self->rig, src, "audio/x-raw,format=S16LE,channels=1 !");
  g_object_set (self->sink, "drop", FALSE, "max-buffers", 0, NULL);
  gst_element_sync_state_with_parent (self->mixer);

  self->source = gst_parse_bin_from_description (
      "audiotestsrc is-live=true samplesperbuffer=960 volume=0.5 "
      "freq=" G_STRINGIFY (HZ) " ! audio/x-raw,format=S16LE,channels=1,"
                               "rate=" G_STRINGIFY (RATE),
      TRUE, NULL);
  gst_element_set_locked_state (self->source, TRUE);
  gst_bin_add (GST_BIN (self->rig->pipeline), self->source);
  tone = gst_element_get_static_pad (self->source, "src");
  gst_pad_add_probe (tone, GST_PAD_PROBE_TYPE_BUFFER, on_given, self, NULL);
  self->input = gst_element_request_pad_simple (self->mixer, "sink_%u");
  gst_pad_add_probe (
      self->input, GST_PAD_PROBE_TYPE_BUFFER, on_entered, self, NULL);
  gst_pad_link (tone, self->input);
  rtp_rig_start (self->source);
  rtp_rig_play (self->rig);
}

static void
end (Mix *self)
{
  rtp_rig_remove (self->rig, self->source);
  gst_element_release_request_pad (self->mixer, self->input);
  gst_object_unref (self->input);
  rtp_rig_free (self->rig);
  g_cond_clear (&self->released);
  g_mutex_clear (&self->lock);
}

/* What the mixer has taken out of the sound. */
static gint
get_taken_ms (Mix *self)
{
  gint entered = g_atomic_int_get (&self->n_entered);

  return (g_atomic_int_get (&self->n_given) - entered) / (RATE / 1000);
}

static void
look (Mix *self)
{
  self->taken_ms = get_taken_ms (self);
  self->moved = g_atomic_int_get (&self->n_moved);
}

/* By as much since the test looked; or the machine has stalled meanwhile. */
static gboolean
has_caught_up (gpointer data)
{
  Mix *mix = data;

  return get_taken_ms (mix) >= mix->taken_ms + TAKEN_MS ||
      g_atomic_int_get (&mix->n_moved) != mix->moved;
}

static gboolean
has_moved (gpointer data)
{
  return g_atomic_int_get (&((Mix *)data)->n_moved) != ((Mix *)data)->moved;
}

static gboolean
has_begun (gpointer data)
{
  return g_atomic_int_get (&((Mix *)data)->n_entered) > RATE;
}

/* All that has come out until now. */
static GArray *
drain (Mix *self)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  GstSample *sample;
  guint rate;

  while (
      (sample = gst_app_sink_try_pull_sample (GST_APP_SINK (self->sink), 0))) {
    media_check_append_audio (samples, sample, &rate);
    gst_sample_unref (sample);
  }
  return samples;
}

/* No step that the tone itself never makes: at half of full scale. */
static void
assert_pure (GArray *samples)
{
  gdouble largest = 0.5 * 2 * G_PI * HZ / RATE * 1.5;

  for (guint i = 1; i < samples->len; i++)
    g_assert_cmpfloat (ABS (g_array_index (samples, gfloat, i) -
                           g_array_index (samples, gfloat, i - 1)),
        <=, largest);
}

/* What came out while the mix caught up; NULL: the machine has stalled. */
static GArray *
listen_to_catching_up (Mix *mix)
{
  g_autoptr (GArray) before = NULL;

  look (mix);
  set_held (mix, TRUE);
  run_for_ms (HOLD_MS);
  set_held (mix, FALSE);
  wait_for (has_moved, mix);
  run_for_ms (2 * HOLD_MS);
  before = drain (mix); /* with the hole that the stall has left */
  look (mix);
  wait_for (has_caught_up, mix);
  run_for_ms (HOLD_MS);

  return g_atomic_int_get (&mix->n_moved) == mix->moved ? drain (mix) : NULL;
}

static void
test_catching_up (void)
{
  Mix mix;
  g_autoptr (GArray) samples = NULL;

  begin (&mix);
  wait_for (has_begun, &mix);
  for (guint i = 0; i < ATTEMPTS && !samples; i++)
    samples = listen_to_catching_up (&mix);

  g_assert_nonnull (samples);
  g_assert_cmpuint (samples->len, >, RATE / 2);
  assert_pure (samples);
  g_assert_cmpfloat (media_check_loudness (samples), >, 0.3);
  end (&mix);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/mix-entry/late-sound-comes-back-to-its-time-without-a-click",
      test_catching_up);

  return g_test_run ();
}
