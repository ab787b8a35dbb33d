/*
 * What a newcomer gets at once: the source's last picture again, and what was
 * encoded before its gate opened. Times are made up.
 */
#include "media/head-start.h"

#include "media/last-picture.h"

#define MS G_TIME_SPAN_MILLISECOND
#define START (5000 * MS)

static GstBuffer *
new_buffer (guint8 content, GstClockTime time, gboolean is_key)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 1, NULL);

  gst_buffer_memset (buffer, 0, content, 1);
  GST_BUFFER_PTS (buffer) = time;
  if (!is_key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}

static guint8
content_of (GstBuffer *buffer)
{
  guint8 content = 0;

  gst_buffer_extract (buffer, 0, &content, 1);
  return content;
}

static gboolean
take (PealLastPicture *last, guint8 content, guint time_ms, gint64 now_us)
{
  g_autoptr (GstBuffer) buffer =
      new_buffer (content, time_ms * GST_MSECOND, TRUE);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-raw");

  return peal_last_picture_take (last, buffer, caps, now_us);
}

static void
test_newest_picture (void)
{
  PealLastPicture last = { 0 };
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstBuffer) again = NULL;

  g_assert_null (peal_last_picture_repeat (&last, START, &caps));
  g_assert_true (take (&last, 1, 100, START));
  g_assert_true (take (&last, 2, 133, START + 33 * MS));
  again = peal_last_picture_repeat (&last, START + 43 * MS, &caps);
  g_assert_cmpuint (content_of (again), ==, 2);
  g_assert_cmpuint (GST_BUFFER_PTS (again), ==, 143 * GST_MSECOND);
  g_assert_nonnull (caps);
  peal_last_picture_forget (&last);
}

static void
test_times_go_on (void)
{
  PealLastPicture last = { 0 };
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstBuffer) again = NULL;

  take (&last, 1, 100, START);
  again = peal_last_picture_repeat (&last, START + 40 * MS, &caps);
  g_assert_false (take (&last, 2, 133, START + 41 * MS));
  g_assert_false (take (&last, 3, 140, START + 42 * MS));
  g_assert_true (take (&last, 4, 166, START + 66 * MS));
  peal_last_picture_forget (&last);
}

static void
test_new_times (void)
{
  PealLastPicture last = { 0 };
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstBuffer) again = NULL;

  take (&last, 1, 60000, START);
  again = peal_last_picture_repeat (&last, START + 10 * MS, &caps);
  g_assert_true (take (&last, 2, 0, START + 33 * MS));
  peal_last_picture_forget (&last);
}

static void
test_stopped_source (void)
{
  PealLastPicture last = { 0 };
  g_autoptr (GstCaps) caps = NULL;

  take (&last, 1, 100, START);
  g_assert_null (peal_last_picture_repeat (&last, START + 1001 * MS, &caps));
  g_assert_null (caps);
  peal_last_picture_forget (&last);
}

static void
test_forgotten (void)
{
  PealLastPicture last = { 0 };
  g_autoptr (GstCaps) caps = NULL;

  take (&last, 1, 100, START);
  peal_last_picture_forget (&last);
  g_assert_null (peal_last_picture_repeat (&last, START + 10 * MS, &caps));
}

static void
add (PealHeadStart *start, guint8 content, gboolean is_key, gint64 now_us)
{
  g_autoptr (GstBuffer) buffer = new_buffer (content, 0, is_key);
  g_autoptr (PealRtpBurst) burst = peal_rtp_burst_new (buffer);

  peal_head_start_add (start, burst, now_us);
}

static guint
count (const PealHeadStart *start, gint64 now_us)
{
  return g_list_length ((GList *)peal_head_start_get (start, now_us));
}

static void
test_key_and_what_follows (void)
{
  PealHeadStart start = { 0 };
  PealRtpBurst *first;

  peal_head_start_begin (&start, START);
  add (&start, 1, FALSE, START + 1 * MS);
  g_assert_cmpuint (count (&start, START + 2 * MS), ==, 0);
  add (&start, 2, TRUE, START + 5 * MS);
  add (&start, 3, FALSE, START + 30 * MS);
  g_assert_cmpuint (count (&start, START + 31 * MS), ==, 2);
  first = peal_head_start_get (&start, START + 31 * MS)->data;
  g_assert_cmpuint (content_of (peal_rtp_burst_get_media (first)), ==, 2);
  add (&start, 4, TRUE, START + 60 * MS);
  g_assert_cmpuint (count (&start, START + 61 * MS), ==, 1);
  peal_head_start_clear (&start);
}

static void
test_nobody_expected (void)
{
  PealHeadStart start = { 0 };

  add (&start, 1, TRUE, START);
  g_assert_cmpuint (count (&start, START), ==, 0);
  g_assert_cmpuint (start.bursts.length, ==, 0);
}

static void
test_too_late (void)
{
  PealHeadStart start = { 0 };

  peal_head_start_begin (&start, START);
  add (&start, 1, TRUE, START + 5 * MS);
  g_assert_cmpuint (count (&start, START + 100 * MS), ==, 0);
  add (&start, 2, FALSE, START + 101 * MS);
  g_assert_cmpuint (start.bursts.length, ==, 0);
}

/* The encoder rested in between: the second's pictures do not follow. */
static void
test_second_newcomer (void)
{
  PealHeadStart start = { 0 };

  peal_head_start_begin (&start, START);
  add (&start, 1, TRUE, START + 5 * MS);
  peal_head_start_begin (&start, START + 200 * MS);
  add (&start, 2, FALSE, START + 201 * MS);
  g_assert_cmpuint (count (&start, START + 202 * MS), ==, 0);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/last-picture/is-repeated-with-its-present-time", test_newest_picture);
  g_test_add_func ("/last-picture/times-never-go-back", test_times_go_on);
  g_test_add_func (
      "/last-picture/a-source-that-begins-anew-is-not-held-up", test_new_times);
  g_test_add_func (
      "/last-picture/a-stopped-source-is-not-shown-again", test_stopped_source);
  g_test_add_func ("/last-picture/what-is-forgotten-is-gone", test_forgotten);
  g_test_add_func (
      "/head-start/begins-with-the-last-key-frame", test_key_and_what_follows);
  g_test_add_func (
      "/head-start/nothing-is-kept-for-nobody", test_nobody_expected);
  g_test_add_func ("/head-start/what-is-old-is-not-given", test_too_late);
  g_test_add_func (
      "/head-start/a-gap-in-the-encoding-is-not-bridged", test_second_newcomer);

  return g_test_run ();
}
