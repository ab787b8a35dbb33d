/*
 * What waits in a feed: how much, and what goes when that is too much.
 */
#include "media/feed-queue.h"

#define START (5 * G_TIME_SPAN_SECOND)

static PealFeedItem *
new_item (guint8 content, GstClockTime time, gboolean is_key)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 100, NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-vp8");

  gst_buffer_memset (buffer, 0, content, 100);
  GST_BUFFER_PTS (buffer) = time;
  if (!is_key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return peal_feed_item_new (buffer, caps);
}

static gboolean
take (PealFeedQueue *queue, PealFeedItem *item)
{
  return peal_feed_queue_take (queue, item, START);
}

/* Returns its content, 0 if nothing waits; adds 100 after a gap. */
static guint8
pop (PealFeedQueue *queue)
{
  PealFeedItem *item = peal_feed_queue_pop (queue);
  guint8 content = 0;

  if (item == NULL)
    return 0;
  gst_buffer_extract (item->buffer, 0, &content, 1);
  if (GST_BUFFER_FLAG_IS_SET (item->buffer, GST_BUFFER_FLAG_DISCONT))
    content += 100;
  peal_feed_item_free (item);
  return content;
}

static void
test_begins_with_key (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue, &(PealFeedBounds){ .has_key_frames = TRUE });
  take (&queue, new_item (1, 0, FALSE));
  take (&queue, new_item (2, 0, TRUE));
  take (&queue, new_item (3, 0, FALSE));
  g_assert_cmpuint (queue.n_dropped, ==, 1);
  g_assert_cmpuint (pop (&queue), ==, 102);
  g_assert_cmpuint (pop (&queue), ==, 3);
  g_assert_cmpuint (pop (&queue), ==, 0);
}

static void
test_overflow_up_to_key (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue,
      &(PealFeedBounds){
          .max_time = 50 * GST_MSECOND, .has_key_frames = TRUE });
  g_assert_false (take (&queue, new_item (1, 0, TRUE)));
  g_assert_false (take (&queue, new_item (2, 50 * GST_MSECOND, FALSE)));
  g_assert_true (take (&queue, new_item (3, 51 * GST_MSECOND, FALSE)));
  g_assert_cmpuint (queue.n_buffers, ==, 0);
  g_assert_false (take (&queue, new_item (4, 60 * GST_MSECOND, FALSE)));
  g_assert_false (take (&queue, new_item (5, 70 * GST_MSECOND, TRUE)));
  g_assert_cmpuint (queue.n_dropped, ==, 4);
  g_assert_cmpuint (pop (&queue), ==, 105);
}

static void
test_overflow_of_oldest (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue, &(PealFeedBounds){ .max_buffers = 2 });
  for (guint8 i = 1; i <= 4; i++)
    g_assert_false (take (&queue, new_item (i, 0, TRUE)));
  g_assert_cmpuint (queue.n_dropped, ==, 2);
  g_assert_cmpuint (pop (&queue), ==, 3);
  g_assert_cmpuint (pop (&queue), ==, 104);
  g_assert_cmpuint (pop (&queue), ==, 0);
}

static void
test_bytes (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue, &(PealFeedBounds){ .max_bytes = 250 });
  for (guint8 i = 1; i <= 3; i++)
    take (&queue, new_item (i, 0, TRUE));
  g_assert_cmpuint (queue.n_bytes, ==, 200);
  g_assert_cmpuint (pop (&queue), ==, 2);
  g_assert_cmpuint (queue.n_bytes, ==, 100);
  peal_feed_queue_drop_all (&queue);
  g_assert_cmpuint (queue.n_bytes, ==, 0);
}

static void
test_burst_counts_as_its_media (void)
{
  PealFeedQueue queue = { 0 };
  PealFeedItem *media = new_item (1, 0, FALSE);
  g_autoptr (PealRtpBurst) burst = peal_rtp_burst_new (media->buffer);

  peal_feed_queue_init (
      &queue, &(PealFeedBounds){ .max_bytes = 150, .has_key_frames = TRUE });
  take (&queue, peal_feed_item_new_for_burst (burst));
  g_assert_cmpuint (queue.n_dropped, ==, 1);
  queue.awaits_key = FALSE;
  g_assert_false (take (&queue, peal_feed_item_new_for_burst (burst)));
  g_assert_true (take (&queue, peal_feed_item_new_for_burst (burst)));
  g_assert_true (queue.awaits_key);
  g_assert_cmpuint (queue.n_bytes, ==, 0);
  peal_feed_item_free (media);
}

static const PealFeedBounds camera = { .max_buffers = 2, .burst_buffers = 6 };

static void
when_pictures_come (PealFeedQueue *queue, guint count, gint64 now_us)
{
  for (guint i = 1; i <= count; i++)
    peal_feed_queue_take (queue, new_item ((guint8)i, 0, TRUE), now_us);
}

static void
test_burst_is_kept (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue, &camera);
  when_pictures_come (&queue, 6, START);
  g_assert_cmpuint (queue.n_dropped, ==, 0);
  for (guint8 i = 1; i <= 6; i++)
    g_assert_cmpuint (pop (&queue), ==, i);
  when_pictures_come (&queue, 7, START + 1);
  g_assert_cmpuint (queue.n_dropped, ==, 1);
  g_assert_cmpuint (pop (&queue), ==, 2);
  peal_feed_queue_drop_all (&queue);
}

static void
test_no_catching_up (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue, &camera);
  when_pictures_come (&queue, 5, START);
  when_pictures_come (&queue, 1, START + PEAL_FEED_BURST_US);
  g_assert_cmpuint (queue.n_buffers, ==, 6);
  g_assert_cmpuint (pop (&queue), ==, 1);
  when_pictures_come (&queue, 1, START + PEAL_FEED_BURST_US + 1);
  g_assert_cmpuint (queue.n_buffers, ==, 2);
  g_assert_cmpuint (queue.n_dropped, ==, 4);
  peal_feed_queue_drop_all (&queue);
}

/* 20 pictures a second can be encoded of the 30 that come. */
static void
test_steady_overload (void)
{
  gint64 camera_us = G_TIME_SPAN_SECOND / 30;
  gint64 encoder_us = G_TIME_SPAN_SECOND / 20;
  gint64 done_us = START;
  PealFeedQueue queue = { 0 };
  guint encoded = 0;

  peal_feed_queue_init (&queue, &camera);
  for (gint64 i = 0; i < 300; i++) {
    for (; done_us <= START + i * camera_us; done_us += encoder_us)
      encoded += pop (&queue) != 0;
    when_pictures_come (&queue, 1, START + i * camera_us);
    if (i * camera_us > PEAL_FEED_BURST_US)
      g_assert_cmpuint (queue.n_buffers, <=, 2);
  }
  g_assert_cmpuint (encoded, >=, 198);
  g_assert_cmpuint (queue.n_dropped, >=, 98);
  peal_feed_queue_drop_all (&queue);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func (
      "/feed-queue/video-begins-with-a-key-frame", test_begins_with_key);
  g_test_add_func ("/feed-queue/too-long-a-queue-is-dropped-up-to-a-key-frame",
      test_overflow_up_to_key);
  g_test_add_func (
      "/feed-queue/sound-loses-its-oldest", test_overflow_of_oldest);
  g_test_add_func ("/feed-queue/bytes-are-bounded", test_bytes);
  g_test_add_func ("/feed-queue/packets-count-as-what-they-were-made-of",
      test_burst_counts_as_its_media);
  g_test_add_func (
      "/feed-queue/a-burst-of-pictures-is-kept-whole", test_burst_is_kept);
  g_test_add_func ("/feed-queue/who-does-not-catch-up-gets-the-latest-pictures",
      test_no_catching_up);
  g_test_add_func (
      "/feed-queue/a-steady-overload-adds-no-delay", test_steady_overload);

  return g_test_run ();
}
