/*
 * What is asked of a webrtcbin that stops: its thread is held up, so that it
 * never comes to the question.
 */
#include <gst/gst.h>

#include "session/webrtc-events.h"
#include "wait.h"

typedef struct {
  GMutex hold; /* held by the test, wanted by webrtcbin's thread */
  gint is_held_up;
} Hold;

/* Thread: webrtcbin's. */
static void
on_offer (GstPromise *promise, gpointer data)
{
  Hold *hold = data;

  g_atomic_int_set (&hold->is_held_up, TRUE);
  g_mutex_lock (&hold->hold);
  g_mutex_unlock (&hold->hold);
  gst_promise_unref (promise);
}

static gboolean
is_held_up (gpointer data)
{
  return g_atomic_int_get (&((Hold *)data)->is_held_up);
}

static void
hold_up (GstElement *webrtc, Hold *hold)
{
  g_mutex_lock (&hold->hold);
  g_signal_emit_by_name (webrtc, "create-offer", NULL,
      gst_promise_new_with_change_func (on_offer, hold, NULL));
  wait_for (is_held_up, hold);
}

static gpointer
stop (gpointer webrtc)
{
  gst_element_set_state (webrtc, GST_STATE_NULL);

  return NULL;
}

static void
count_answer (PealWebrtcEvents *events, gpointer what, guint *count)
{
  (*count)++;
}

static void
test_unanswered (void)
{
  GstElement *webrtc = gst_element_factory_make ("webrtcbin", NULL);
  PealWebrtcEvents *events;
  Hold hold = { 0 };
  GThread *stopping;
  guint count = 0;

  gst_object_ref_sink (webrtc);
  events = peal_webrtc_events_new (webrtc, NULL);
  g_signal_connect (events, "described", G_CALLBACK (count_answer), &count);
  g_signal_connect (events, "refused", G_CALLBACK (count_answer), &count);
  g_object_add_weak_pointer (G_OBJECT (events), (gpointer *)&events);
  gst_element_set_state (webrtc, GST_STATE_READY);
  hold_up (webrtc, &hold);
  peal_webrtc_events_create_answer (events);
  peal_webrtc_events_end (events);
  stopping = g_thread_new ("stopping", stop, webrtc);
  run_for_ms (50); /* it waits for webrtcbin's thread now */
  g_mutex_unlock (&hold.hold);
  g_thread_join (stopping);
  gst_object_unref (webrtc);
  g_object_unref (events);
  g_assert_null (events);
  g_assert_cmpuint (count, ==, 0);
}

/* ---- and of one that answers ---- */

static gboolean
is_one (gpointer data)
{
  return *(guint *)data == 1;
}

static void
test_answered (void)
{
  GstElement *webrtc = gst_element_factory_make ("webrtcbin", NULL);
  PealWebrtcEvents *events;
  guint count = 0;

  gst_object_ref_sink (webrtc);
  events = peal_webrtc_events_new (webrtc, NULL);
  g_signal_connect (events, "refused", G_CALLBACK (count_answer), &count);
  gst_element_set_state (webrtc, GST_STATE_READY);
  peal_webrtc_events_create_answer (events); /* to no offer */
  wait_for (is_one, &count);
  peal_webrtc_events_end (events);
  gst_element_set_state (webrtc, GST_STATE_NULL);
  gst_object_unref (webrtc);
  g_assert_finalize_object (events);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/webrtc-events/an-answer-that-never-comes-keeps-nothing",
      test_unanswered);
  g_test_add_func (
      "/webrtc-events/an-answer-to-no-offer-is-refused", test_answered);
  return g_test_run ();
}
