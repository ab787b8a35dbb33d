/*
 * What a picture shows and what a sound is, as the demo judges it.
 */
#include <math.h>
#include <string.h>

#include "app/senses.h"

#define RATE_HZ 48000
#define COUNT 9600 /* 200 ms */

static void
add_tone (gint16 *samples, gdouble tone_hz, gdouble level)
{
  for (guint i = 0; i < COUNT; i++)
    samples[i] += level * G_MAXINT16 * sin (2 * G_PI * tone_hz * i / RATE_HZ);
}

static void
a_pure_tone_is_all_of_the_sound (void)
{
  gint16 samples[COUNT] = { 0 };

  add_tone (samples, 440, 0.2);
  g_assert_cmpfloat (
      peal_senses_tone_share (samples, COUNT, RATE_HZ, 440), >, 0.95);
  g_assert_cmpfloat (
      peal_senses_tone_share (samples, COUNT, RATE_HZ, 660), <, 0.01);
  g_assert_cmpfloat (
      fabs (peal_senses_loudness (samples, COUNT) - 0.2 / sqrt (2)), <, 0.01);
}

static void
a_tone_is_heard_among_others (void)
{
  gint16 samples[COUNT] = { 0 };

  add_tone (samples, 440, 0.2);
  add_tone (samples, 1000, 0.4);
  add_tone (samples, 150, 0.3);
  g_assert_cmpfloat (
      peal_senses_tone_share (samples, COUNT, RATE_HZ, 440), >, 0.1);
}

static void
silence_has_no_tone (void)
{
  gint16 samples[COUNT] = { 0 };

  g_assert_cmpfloat (
      peal_senses_tone_share (samples, COUNT, RATE_HZ, 440), ==, 0);
  g_assert_cmpfloat (peal_senses_tone_share (samples, 0, RATE_HZ, 440), ==, 0);
  g_assert_cmpfloat (peal_senses_loudness (samples, 0), ==, 0);
}

/* 4 by 2 pixels in rows of 16 bytes: left half orange, right half black. */
static PealPicture
paint (guint8 *bytes)
{
  memset (bytes, 0, 32);
  for (guint y = 0; y < 2; y++)
    for (guint x = 0; x < 2; x++) {
      guint8 *pixel = bytes + y * 16 + x * 3;

      pixel[0] = 0xd0;
      pixel[1] = 0x80;
      pixel[2] = 0x10;
    }
  return (PealPicture){ bytes, 4, 2, 16 };
}

static void
a_colour_takes_its_share_of_the_picture (void)
{
  guint8 bytes[32];
  PealPicture picture = paint (bytes);

  g_assert_cmpfloat (peal_senses_colour_share (&picture, 0xe07020), ==, 0.5);
  g_assert_cmpfloat (peal_senses_colour_share (&picture, 0x2060d0), ==, 0);
  g_assert_cmpfloat (peal_senses_light_share (&picture), ==, 0.5);
}

static void
one_changed_pixel_is_movement (void)
{
  guint8 bytes[32];
  PealPicture picture = paint (bytes);
  guint64 before = peal_senses_digest (&picture);

  g_assert_cmpuint (peal_senses_digest (&picture), ==, before);
  bytes[14] = 1; /* between the rows */
  g_assert_cmpuint (peal_senses_digest (&picture), ==, before);
  bytes[20]++;
  g_assert_cmpuint (peal_senses_digest (&picture), !=, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/senses/a-pure-tone-is-all-of-the-sound",
      a_pure_tone_is_all_of_the_sound);
  g_test_add_func (
      "/app/senses/a-tone-is-heard-among-others", a_tone_is_heard_among_others);
  g_test_add_func ("/app/senses/silence-has-no-tone", silence_has_no_tone);
  g_test_add_func ("/app/senses/a-colour-takes-its-share-of-the-picture",
      a_colour_takes_its_share_of_the_picture);
  g_test_add_func ("/app/senses/one-changed-pixel-is-movement",
      one_changed_pixel_is_movement);
  return g_test_run ();
}
