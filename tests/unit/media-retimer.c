/*
 * The playing times of a stream that passes a pad, by a clock that the test
 * turns:
 *
 *   src ─ sink (retimed) ─ what came
 */
#include "media/retimer.h"

#define MS ((gint64)GST_MSECOND)
#define FRAME (33 * MS)
#define FLOOR (20 * MS)
#define CEILING (200 * MS)
/* What sinks wait anyway, and a bit more. */
#define UNNOTICED (5 * MS)

/* A clock that stands still until it is turned. */
typedef struct {
  GstClock parent;
  GstClockTime time;
} StillClock;

typedef GstClockClass StillClockClass;

static GType
still_clock_get_type (void);
G_DEFINE_TYPE (StillClock, still_clock, GST_TYPE_CLOCK)

static GstClockTime
still_clock_get_internal_time (GstClock *clock)
{
  return ((StillClock *)clock)->time;
}

static void
still_clock_class_init (StillClockClass *klass)
{
  klass->get_internal_time = still_clock_get_internal_time;
}

static void
still_clock_init (StillClock *self)
{
}

typedef struct {
  StillClock *clock;
  GstElement *element; /* what passes has its running time */
  GstPad *src;
  GstPad *sink;
  GstClockTime now;
  GstClockTime shown;  /* time of the last one that came */
  GstClockTime gap;    /* of the last gap that came */
  gboolean is_discont; /* the last one that came */
} Stream;

static GstFlowReturn
on_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Stream *self = gst_pad_get_element_private (pad);

  self->shown = GST_BUFFER_PTS (buffer);
  self->is_discont = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Stream *self = gst_pad_get_element_private (pad);

  if (GST_EVENT_TYPE (event) == GST_EVENT_GAP)
    gst_event_parse_gap (event, &self->gap, NULL);
  gst_event_unref (event);
  return TRUE;
}

static void
turn_clock (Stream *self, GstClockTime now)
{
  self->now = self->clock->time = now;
}

static void
begin (Stream *self, PealMediaKind kind, GstClockTime floor)
{
  PealDelays delays = { floor, CEILING };
  GstSegment segment;

  *self = (Stream){ 0 };
  self->element = gst_object_ref_sink (gst_bin_new (NULL));
  self->clock =
      gst_object_ref_sink (g_object_new (still_clock_get_type (), NULL));
  gst_element_set_clock (self->element, GST_CLOCK (self->clock));
  gst_element_set_base_time (self->element, 0);
  self->src = gst_object_ref_sink (gst_pad_new ("src", GST_PAD_SRC));
  self->sink = gst_object_ref_sink (gst_pad_new ("sink", GST_PAD_SINK));
  gst_pad_set_element_private (self->sink, self);
  gst_pad_set_chain_function (self->sink, on_chain);
  gst_pad_set_event_function (self->sink, on_event);
  gst_pad_link (self->src, self->sink);
  gst_pad_set_active (self->sink, TRUE);
  gst_pad_set_active (self->src, TRUE);
  peal_retimer_add (self->sink, self->element, kind, &delays);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_stream_start ("stream"));
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
  turn_clock (self, GST_SECOND);
}

static void
end (Stream *self)
{
  gst_object_unref (self->src);
  gst_object_unref (self->sink);
  gst_object_unref (self->element);
  gst_object_unref (self->clock);
}

/* One that comes @lateness after its time; returns how much later than that
 * time it is to be shown. */
static gint64
pass (Stream *self, gint64 lateness)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstClockTime time;

  turn_clock (self, self->now + FRAME);
  time = self->now - lateness;
  GST_BUFFER_PTS (buffer) = time;
  gst_pad_push (self->src, buffer);

  return GST_CLOCK_DIFF (time, self->shown);
}

static gint64
pass_many (Stream *self, guint count, gint64 lateness)
{
  gint64 shift = 0;

  for (guint i = 0; i < count; i++)
    shift = pass (self, lateness);
  return shift;
}

static void
test_in_time (void)
{
  Stream stream;

  begin (&stream, PEAL_MEDIA_VIDEO, 0);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (pass (&stream, 0), ==, 0);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (pass (&stream, -50 * MS), ==, 0);
  end (&stream);
}

/* What is late is shown as soon as it has come, and so is all that is as late;
 * what comes a little late, sinks do not notice. */
static void
test_late (gconstpointer kind)
{
  Stream stream;
  gint64 shift;

  begin (&stream, GPOINTER_TO_UINT (kind), 0);
  pass_many (&stream, 20, 0);
  shift = pass (&stream, 60 * MS);
  g_assert_cmpint (shift, >=, 60 * MS - UNNOTICED);
  g_assert_cmpint (shift, <=, 65 * MS);
  g_assert_cmpint (
      stream.is_discont, ==, GPOINTER_TO_UINT (kind) == PEAL_MEDIA_AUDIO);
  g_assert_cmpint (pass_many (&stream, 20, 60 * MS), ==, shift);
  g_assert_false (stream.is_discont);
  end (&stream);
}

static void
test_ceiling (void)
{
  Stream stream;

  begin (&stream, PEAL_MEDIA_VIDEO, 0);
  g_assert_cmpint (pass_many (&stream, 50, 900 * MS), ==, CEILING);
  end (&stream);
}

/* Downstream knows of the floor already: only what is above moves times. */
static void
test_floor (void)
{
  Stream stream;

  begin (&stream, PEAL_MEDIA_VIDEO, FLOOR);
  g_assert_cmpint (pass_many (&stream, 50, FLOOR), ==, 0);
  g_assert_cmpint (pass (&stream, 60 * MS), <=, 45 * MS);
  end (&stream);
}

static void
test_pictures_come_back (void)
{
  Stream stream;
  GstClockTime before;
  gint64 shift;

  begin (&stream, PEAL_MEDIA_VIDEO, 0);
  pass_many (&stream, 60, 0);
  shift = pass (&stream, 150 * MS);
  g_assert_cmpint (shift, >=, 140 * MS);
  for (guint i = 0; i < 60; i++) {
    before = stream.shown;
    shift = pass (&stream, 0);
    if (i > 0) /* never more than a quarter faster */
      g_assert_cmpint (
          GST_CLOCK_DIFF (before, stream.shown), >=, FRAME * 3 / 4 - MS);
  }
  g_assert_cmpint (shift, <=, 10 * MS);
  end (&stream);
}

static void
test_gap (void)
{
  Stream stream;
  gint64 shift;

  begin (&stream, PEAL_MEDIA_AUDIO, 0);
  shift = pass (&stream, 80 * MS);
  gst_pad_push_event (
      stream.src, gst_event_new_gap (2 * GST_SECOND, 20 * GST_MSECOND));
  g_assert_cmpuint (stream.gap, ==, 2 * GST_SECOND + (GstClockTime)shift);
  end (&stream);
}

/* A decoder may not know when; that must not move the others. */
static void
test_without_time (void)
{
  Stream stream;

  begin (&stream, PEAL_MEDIA_VIDEO, 0);
  gst_pad_push (stream.src, gst_buffer_new ());
  g_assert_cmpuint (stream.shown, ==, GST_CLOCK_TIME_NONE);
  g_assert_cmpint (pass (&stream, 0), ==, 0);
  end (&stream);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retimer/what-is-in-time-keeps-its-time", test_in_time);
  g_test_add_data_func ("/retimer/a-late-picture-moves-all-that-follow",
      GUINT_TO_POINTER (PEAL_MEDIA_VIDEO), test_late);
  g_test_add_data_func ("/retimer/late-sound-moves-all-that-follows",
      GUINT_TO_POINTER (PEAL_MEDIA_AUDIO), test_late);
  g_test_add_func ("/retimer/nothing-waits-beyond-the-ceiling", test_ceiling);
  g_test_add_func ("/retimer/the-floor-is-not-added-twice", test_floor);
  g_test_add_func ("/retimer/pictures-are-a-quarter-faster-until-the-delay-is-"
                   "gone",
      test_pictures_come_back);
  g_test_add_func ("/retimer/a-gap-moves-like-what-it-stands-for", test_gap);
  g_test_add_func (
      "/retimer/what-has-no-time-moves-nothing", test_without_time);

  return g_test_run ();
}
