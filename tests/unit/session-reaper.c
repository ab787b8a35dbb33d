/*
 * The end of a real webrtcbin.
 */
#include <gst/gst.h>

#include "session/reaper.h"
#include "wait.h"

#define PATIENCE_US (200 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  GstElement *webrtc;
  gint is_working; /* atomic */
  gboolean was_stopped;
} Work;

static gboolean
is_being_stopped (Work *work)
{
  return GST_STATE_TARGET (work->webrtc) == GST_STATE_NULL;
}

/* Thread: webrtcbin's. Gives who would stop it meanwhile the time to do so. */
static void
on_offer (GstPromise *promise, gpointer data)
{
  Work *work = data;
  gint64 limit_us = g_get_monotonic_time () + PATIENCE_US;

  g_atomic_int_set (&work->is_working, TRUE);
  while (!is_being_stopped (work) && g_get_monotonic_time () < limit_us)
    g_thread_yield ();
  work->was_stopped = is_being_stopped (work);
  gst_promise_unref (promise);
}

static gboolean
is_working (gpointer data)
{
  return g_atomic_int_get (&((Work *)data)->is_working);
}

static void
test_busy (void)
{
  PealReaper *reaper = peal_reaper_new ();
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_bin_new (NULL));
  g_autoptr (GstElement) webrtc =
      gst_object_ref_sink (gst_element_factory_make ("webrtcbin", NULL));
  Work work = { .webrtc = webrtc };

  gst_bin_add (GST_BIN (bin), webrtc);
  gst_element_set_state (webrtc, GST_STATE_READY);
  g_signal_emit_by_name (webrtc, "create-offer", NULL,
      gst_promise_new_with_change_func (on_offer, &work, NULL));
  wait_for (is_working, &work);
  peal_reaper_take (reaper, GST_BIN (bin), &webrtc, 1);
  peal_reaper_free (reaper);
  g_assert_false (work.was_stopped);
  g_assert_cmpint (GST_STATE (webrtc), ==, GST_STATE_NULL);
  g_assert_null (GST_OBJECT_PARENT (webrtc));
}

static void
test_idle (void)
{
  PealReaper *reaper = peal_reaper_new ();
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_bin_new (NULL));
  GstElement *elements[] = { gst_element_factory_make ("webrtcbin", NULL),
    gst_element_factory_make ("identity", NULL) };

  gst_bin_add_many (GST_BIN (bin), elements[0], elements[1], NULL);
  g_object_add_weak_pointer (G_OBJECT (elements[0]), (gpointer *)&elements[0]);
  g_object_add_weak_pointer (G_OBJECT (elements[1]), (gpointer *)&elements[1]);
  peal_reaper_take (reaper, GST_BIN (bin), elements, G_N_ELEMENTS (elements));
  peal_reaper_free (reaper);
  g_assert_null (elements[0]);
  g_assert_null (elements[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func (
      "/reaper/a-webrtcbin-that-works-is-not-stopped-meanwhile", test_busy);
  g_test_add_func (
      "/reaper/what-was-never-started-goes-without-a-wait", test_idle);
  return g_test_run ();
}
