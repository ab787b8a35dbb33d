/*
 * Sound of any format made shorter where it passes a pad:
 *
 *   a tone ─ pad ─ peal_catch_up() ─ S16, to listen to
 */
#include "media/catch-up.h"

#include <gst/audio/audio.h>
#include <math.h>

#define MS G_GINT64_CONSTANT (1000000)
#define RATE 48000
#define PIECE 960 /* 20 ms */
#define HZ 440
#define LOUD 12000
#define DELAY_NS (100 * MS)

typedef struct {
  GstPad *pad;
  GstAudioInfo info;
  GstAudioInfo plain; /* the same in S16 */
  PealPlayout playout;
  GstClockTime last;
  GstClockTime now;
  guint n_written;
  GArray *heard; /* of gint16: the first channel */
} Stream;

static void
begin (Stream *self, const gchar *caps_text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);

  memset (self, 0, sizeof (*self));
  g_assert_true (gst_audio_info_from_caps (&self->info, caps));
  gst_audio_info_set_format (&self->plain, GST_AUDIO_FORMAT_S16, RATE,
      self->info.channels, self->info.position);
  self->pad = gst_object_ref_sink (gst_pad_new ("src", GST_PAD_SRC));
  gst_pad_set_active (self->pad, TRUE);
  gst_pad_push_event (self->pad, gst_event_new_stream_start ("sound"));
  gst_pad_push_event (self->pad, gst_event_new_caps (caps));
  self->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->now = GST_SECOND;
  peal_playout_set_limits (&self->playout, 0, 200 * MS);
  peal_playout_add (&self->playout, DELAY_NS);
  for (guint i = 0; i < PEAL_PLAYOUT_WINDOW; i++)
    peal_playout_add (&self->playout, 0);
}

static void
end (Stream *self)
{
  g_array_unref (self->heard);
  gst_object_unref (self->pad);
}

static void
convert (const GstAudioInfo *from, gpointer *in, const GstAudioInfo *to,
    gpointer *out, gsize n_frames)
{
  GstAudioConverter *converter =
      gst_audio_converter_new (0, (gpointer)from, (gpointer)to, NULL);

  g_assert_true (
      gst_audio_converter_samples (converter, 0, in, n_frames, out, n_frames));
  gst_audio_converter_free (converter);
}

static GstBuffer *
new_piece (Stream *self)
{
  gint channels = self->info.channels;
  g_autofree gint16 *samples = g_new (gint16, PIECE * channels);
  gpointer planes[] = { samples };
  GstBuffer *buffer =
      gst_buffer_new_allocate (NULL, PIECE * self->info.bpf, NULL);
  GstAudioBuffer audio;

  for (gint i = 0; i < PIECE; i++, self->n_written++)
    for (gint c = 0; c < channels; c++)
      samples[i * channels + c] =
          LOUD * sin (2 * G_PI * HZ * self->n_written / RATE);
  if (GST_AUDIO_INFO_LAYOUT (&self->info) == GST_AUDIO_LAYOUT_NON_INTERLEAVED)
    gst_buffer_add_audio_meta (buffer, &self->info, PIECE, NULL);
  GST_BUFFER_DURATION (buffer) = 20 * MS;
  g_assert_true (
      gst_audio_buffer_map (&audio, &self->info, buffer, GST_MAP_WRITE));
  convert (&self->plain, planes, &self->info, audio.planes, PIECE);
  gst_audio_buffer_unmap (&audio);

  return buffer;
}

static void
hear (Stream *self, GstBuffer *buffer)
{
  gint channels = self->info.channels;
  g_autofree gint16 *samples = NULL;
  gpointer planes[1];
  GstAudioBuffer audio;

  g_assert_true (
      gst_audio_buffer_map (&audio, &self->info, buffer, GST_MAP_READ));
  g_assert_cmpuint (
      ABS ((gint64)gst_util_uint64_scale (audio.n_samples, GST_SECOND, RATE) -
          (gint64)GST_BUFFER_DURATION (buffer)),
      <, MS);
  planes[0] = samples = g_new (gint16, audio.n_samples * channels);
  convert (&self->info, audio.planes, &self->plain, planes, audio.n_samples);
  for (gsize i = 0; i < audio.n_samples; i++)
    g_array_append_val (self->heard, samples[i * channels]);
  gst_audio_buffer_unmap (&audio);
}

static void
pass (Stream *self)
{
  GstBuffer *buffer = new_piece (self);

  peal_catch_up (&self->playout, &self->last, self->pad, buffer, self->now);
  self->now += 20 * MS;
  hear (self, buffer);
  gst_buffer_unref (buffer);
}

/* No step that the tone itself never makes. */
static void
assert_pure (Stream *self)
{
  gint largest = (gint)(LOUD * 2 * G_PI * HZ / RATE * 1.3) + 2;

  for (guint i = 1; i < self->heard->len; i++)
    g_assert_cmpint (ABS (g_array_index (self->heard, gint16, i) -
                         g_array_index (self->heard, gint16, i - 1)),
        <=, largest);
}

static void
test_format (gconstpointer caps)
{
  Stream stream;
  guint removed;
  gint64 taken_ns;

  begin (&stream, caps);
  for (guint i = 0; i < 100; i++)
    pass (&stream);
  removed = stream.n_written - stream.heard->len;
  taken_ns = DELAY_NS + 3 * MS - stream.playout.delay_ns;

  g_assert_cmpint (stream.playout.delay_ns, <, 20 * MS);
  g_assert_cmpint (
      ABS (
          (gint64)gst_util_uint64_scale (removed, GST_SECOND, RATE) - taken_ns),
      <, MS);
  assert_pure (&stream);
  end (&stream);
}

static void
test_at_most_a_tenth (void)
{
  Stream stream;

  begin (&stream,
      "audio/x-raw,format=S16LE,rate=48000,channels=1,"
      "layout=interleaved");
  for (guint i = 0; i < 25; i++) /* half a second */
    pass (&stream);
  g_assert_cmpuint (stream.n_written - stream.heard->len, >, 0);
  g_assert_cmpuint (
      stream.n_written - stream.heard->len, <=, 5 * 15 * RATE / 1000);
  end (&stream);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define CAPS(format, channels, layout)                          \
  "audio/x-raw,format=" format ",rate=48000,channels=" channels \
  ",layout=" layout
  g_test_add_data_func ("/catch-up/16-bit-sound-gets-shorter-and-stays-pure",
      CAPS ("S16LE", "1", "interleaved"), test_format);
  g_test_add_data_func ("/catch-up/stereo-does",
      CAPS ("S16LE", "2", "interleaved") ",channel-mask=(bitmask)3",
      test_format);
  g_test_add_data_func ("/catch-up/float-sound-does",
      CAPS ("F32LE", "2", "interleaved") ",channel-mask=(bitmask)3",
      test_format);
  g_test_add_data_func ("/catch-up/32-bit-sound-does",
      CAPS ("S32LE", "1", "interleaved"), test_format);
  g_test_add_data_func ("/catch-up/sound-in-planes-does",
      CAPS ("F32LE", "2", "non-interleaved") ",channel-mask=(bitmask)3",
      test_format);
  g_test_add_func (
      "/catch-up/a-tenth-of-the-time-is-the-most", test_at_most_a_tenth);

  return g_test_run ();
}
