/*
 * What waits in a feed: how much, and what goes when that is too much.
 */
#include "media/feed-queue.h"

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
  peal_feed_queue_take (&queue, new_item (1, 0, FALSE));
  peal_feed_queue_take (&queue, new_item (2, 0, TRUE));
  peal_feed_queue_take (&queue, new_item (3, 0, FALSE));
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
  g_assert_false (peal_feed_queue_take (&queue, new_item (1, 0, TRUE)));
  g_assert_false (
      peal_feed_queue_take (&queue, new_item (2, 50 * GST_MSECOND, FALSE)));
  g_assert_true (
      peal_feed_queue_take (&queue, new_item (3, 51 * GST_MSECOND, FALSE)));
  g_assert_cmpuint (queue.n_buffers, ==, 0);
  g_assert_false (
      peal_feed_queue_take (&queue, new_item (4, 60 * GST_MSECOND, FALSE)));
  g_assert_false (
      peal_feed_queue_take (&queue, new_item (5, 70 * GST_MSECOND, TRUE)));
  g_assert_cmpuint (queue.n_dropped, ==, 4);
  g_assert_cmpuint (pop (&queue), ==, 105);
}

static void
test_overflow_of_oldest (void)
{
  PealFeedQueue queue = { 0 };

  peal_feed_queue_init (&queue, &(PealFeedBounds){ .max_buffers = 2 });
  for (guint8 i = 1; i <= 4; i++)
    g_assert_false (peal_feed_queue_take (&queue, new_item (i, 0, TRUE)));
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
    peal_feed_queue_take (&queue, new_item (i, 0, TRUE));
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
  peal_feed_queue_take (&queue, peal_feed_item_new_for_burst (burst));
  g_assert_cmpuint (queue.n_dropped, ==, 1);
  queue.awaits_key = FALSE;
  g_assert_false (
      peal_feed_queue_take (&queue, peal_feed_item_new_for_burst (burst)));
  g_assert_true (
      peal_feed_queue_take (&queue, peal_feed_item_new_for_burst (burst)));
  g_assert_true (queue.awaits_key);
  g_assert_cmpuint (queue.n_bytes, ==, 0);
  peal_feed_item_free (media);
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

  return g_test_run ();
}
