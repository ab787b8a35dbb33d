/*
 * Takes one period out of a piece of sound. See time-stretch.h. Pure.
 *
 * Used by the retimer, on the streaming thread of a remote track.
 *
 * Waveform similarity overlap-add (Verhelst and Roelands, ICASSP 1993), as
 * libwebrtc's NetEQ does it when it accelerates: where the sound resembles
 * itself some milliseconds later, it is faded over to that place, and what is
 * between is gone: whole periods of a voice or a tone. Where nothing is
 * similar, the sound stays as it is, unless it is too quiet to matter.
 */
#include "media/time-stretch.h"

#include <string.h>

/* NetEQ's: pitches from 67 to 400 Hz, and similar means 0.9 (squared). */
#define SHORTEST_US 2500
#define LONGEST_US 15000
#define SIMILAR (0.9 * 0.9)
/* Chosen: long enough to fade without a click. */
#define OVERLAP_US 4000
/* Chosen: about -50 dB of full scale (squared). */
#define QUIET (100.0 * 100.0)
/* Chosen: every second frame at the rate of telephones, fewer above. */
#define SEARCH_RATE 8000

static guint
to_frames (guint us, guint rate)
{
  return (guint)((guint64)us * rate / G_USEC_PER_SEC);
}

typedef struct {
  gdouble similarity; /* square of the correlation; 0 when opposite */
  gdouble loudness;   /* mean square of the louder one */
} Likeness;

/* Of the beginning and what is @lag later; by the first channel. */
static Likeness
compare (const gint16 *samples, guint n_channels, guint overlap, guint lag,
    guint step)
{
  gdouble one = 0, other = 0, both = 0;
  guint count = 0;

  for (guint i = 0; i < overlap; i += step, count++) {
    gdouble a = samples[(gsize)i * n_channels];
    gdouble b = samples[(gsize)(i + lag) * n_channels];

    one += a * a;
    other += b * b;
    both += a * b;
  }

  return (Likeness){ both > 0 ? both * both / MAX (one * other, 1) : 0,
    MAX (one, other) / MAX (count, 1) };
}

/* The lag after which the sound goes on as it does now; 0 if there is none. */
static guint
find_lag (const gint16 *samples, guint n_channels, guint overlap,
    guint shortest, guint longest, guint step)
{
  gdouble best = SIMILAR;
  guint found = 0;

  for (guint lag = longest; lag >= shortest; lag--) {
    Likeness likeness = compare (samples, n_channels, overlap, lag, step);

    if (likeness.loudness < QUIET)
      return lag;
    if (likeness.similarity > best) {
      best = likeness.similarity;
      found = lag;
    }
  }
  return found;
}

static void
fade_over (gint16 *samples, guint n_channels, guint overlap, guint lag)
{
  for (guint i = 0; i < overlap; i++) {
    for (guint c = 0; c < n_channels; c++) {
      gint16 *here = &samples[(gsize)i * n_channels + c];
      gint there = samples[(gsize)(i + lag) * n_channels + c];

      *here += (gint16)((there - *here) * (gint)(i + 1) / (gint)(overlap + 1));
    }
  }
}

/**
 * peal_time_stretch_shorten:
 * @samples: (inout): interleaved
 * @n_frames: how many there are of each channel
 * @rate: in Hz
 * @most_frames: how much shorter it may become
 *
 * The first and the last frame stay what they are, so that the sound goes on
 * across pieces.
 *
 * Returns: how many frames were taken out; the rest begins at @samples
 */
guint
peal_time_stretch_shorten (gint16 *samples, guint n_frames, guint n_channels,
    guint rate, guint most_frames)
{
  guint overlap = to_frames (OVERLAP_US, rate);
  guint shortest = MAX (to_frames (SHORTEST_US, rate), 1);
  guint longest = MIN (to_frames (LONGEST_US, rate), most_frames);
  guint lag;

  if (n_frames <= overlap + shortest)
    return 0;
  longest = MIN (longest, n_frames - overlap - 1);
  if (longest < shortest)
    return 0;
  lag = find_lag (samples, n_channels, overlap, shortest, longest,
      MAX (rate / SEARCH_RATE, 1));
  if (lag == 0)
    return 0;

  fade_over (samples, n_channels, overlap, lag);
  memmove (samples + (gsize)overlap * n_channels,
      samples + (gsize)(overlap + lag) * n_channels,
      (gsize)(n_frames - overlap - lag) * n_channels * sizeof (gint16));
  return lag;
}
