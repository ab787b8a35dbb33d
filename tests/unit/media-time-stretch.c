/*
 * Tones, silence and noise made shorter, and how that sounds.
 */
#include "media/time-stretch.h"

#include <math.h>
#include <string.h>

#define RATE 48000
#define PIECE 960 /* 20 ms */
#define MOST_FRAMES (15 * RATE / 1000)

static void
write_tone (gint16 *samples, guint n_frames, guint n_channels, gdouble hz)
{
  for (guint i = 0; i < n_frames; i++)
    for (guint c = 0; c < n_channels; c++)
      samples[i * n_channels + c] =
          (gint16)(12000 * sin (2 * G_PI * hz * i / RATE));
}

/* A click is a step that the tone itself never makes. */
static void
assert_no_click (
    const gint16 *samples, guint n_frames, guint n_channels, gdouble hz)
{
  gint largest = (gint)(12000 * 2 * G_PI * hz / RATE * 1.3) + 2;

  for (guint i = 1; i < n_frames; i++)
    g_assert_cmpint (
        ABS (samples[i * n_channels] - samples[(i - 1) * n_channels]), <=,
        largest);
}

static void
test_tones (void)
{
  static const gdouble tones_hz[] = { 100, 220, 440, 700, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (tones_hz); i++) {
    for (guint n_channels = 1; n_channels <= 2; n_channels++) {
      gint16 samples[PIECE * 2];
      gint16 last;
      guint removed;

      write_tone (samples, PIECE, n_channels, tones_hz[i]);
      last = samples[PIECE * n_channels - 1];
      removed = peal_time_stretch_shorten (
          samples, PIECE, n_channels, RATE, MOST_FRAMES);
      g_assert_cmpuint (removed, >=, RATE / 400);
      g_assert_cmpuint (removed, <=, MOST_FRAMES);
      g_assert_cmpint (samples[(PIECE - removed) * n_channels - 1], ==, last);
      assert_no_click (samples, PIECE - removed, n_channels, tones_hz[i]);
    }
  }
}

static void
test_silence (void)
{
  gint16 samples[PIECE] = { 0 };

  g_assert_cmpuint (
      peal_time_stretch_shorten (samples, PIECE, 1, RATE, 300), ==, 300);
}

static void
test_noise (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gint16 samples[PIECE], before[PIECE];

  for (guint i = 0; i < PIECE; i++)
    samples[i] = (gint16)g_rand_int_range (random, -12000, 12000);
  memcpy (before, samples, sizeof samples);
  g_assert_cmpuint (
      peal_time_stretch_shorten (samples, PIECE, 1, RATE, MOST_FRAMES), ==, 0);
  g_assert_cmpmem (before, sizeof before, samples, sizeof samples);
}

static void
test_limits (void)
{
  gint16 samples[PIECE] = { 0 };

  g_assert_cmpuint (
      peal_time_stretch_shorten (samples, PIECE, 1, RATE, 50), ==, 0);
  g_assert_cmpuint (
      peal_time_stretch_shorten (samples, 100, 1, RATE, MOST_FRAMES), ==, 0);
  g_assert_cmpuint (
      peal_time_stretch_shorten (samples, 0, 1, RATE, MOST_FRAMES), ==, 0);
  g_assert_cmpuint (
      peal_time_stretch_shorten (samples, 160, 1, 8000, 120), <, 160);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/time-stretch/tones-lose-whole-periods-and-do-not-click", test_tones);
  g_test_add_func (
      "/time-stretch/silence-becomes-as-short-as-wanted", test_silence);
  g_test_add_func ("/time-stretch/noise-stays-as-it-is", test_noise);
  g_test_add_func (
      "/time-stretch/never-more-is-taken-than-asked-for", test_limits);

  return g_test_run ();
}
