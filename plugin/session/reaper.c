/*
 * Ends elements on a thread of its own. See reaper.h.
 *
 * Life cycle: made with the session; freeing it waits until everything handed
 * over is gone.
 */
#include "session/reaper.h"

#include "base/pipeline-utils.h"
#include "session/ice-agent.h"
#include "session/webrtc-end.h"

struct _PealReaper {
  GThreadPool *pool;
};

typedef struct {
  GstBin *bin;
  GPtrArray *elements;
  GAsyncQueue *done; /* NULL, or who waits for this batch */
} Batch;

static void
free_batch (Batch *batch)
{
  g_ptr_array_unref (batch->elements);
  gst_object_unref (batch->bin);
  g_free (batch);
}

static void
run (gpointer data, gpointer user_data)
{
  Batch *batch = data;

  if (batch->done) {
    g_async_queue_push (batch->done, batch);
    return;
  }
  for (guint i = 0; i < batch->elements->len; i++) {
    GstElement *element = g_ptr_array_index (batch->elements, i);

    peal_ice_agent_end_relays (element);
    peal_webrtc_settle (element);
    peal_pipeline_remove (batch->bin, element);
  }
  free_batch (batch);
}

PealReaper *
peal_reaper_new (void)
{
  PealReaper *self = g_new0 (PealReaper, 1);

  self->pool = g_thread_pool_new (run, self, 1, FALSE, NULL);

  return self;
}

/**
 * peal_reaper_free:
 *
 * Waits until every element handed over is gone. Not from a thread that those
 * elements join, and with no lock held that they may want.
 */
void
peal_reaper_free (PealReaper *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_free (self);
}

/**
 * peal_reaper_take:
 * @bin: the parent of all @elements
 * @elements: (array length=count): in the order in which they are to end
 *
 * Returns at once. The caller has let go of everything that calls back, and
 * asks for nothing any more. From now on the bin leaves the elements alone,
 * which it could otherwise still raise for a while.
 */
void
peal_reaper_take (
    PealReaper *self, GstBin *bin, GstElement *const *elements, guint count)
{
  Batch *batch = g_new0 (Batch, 1);

  batch->bin = gst_object_ref (bin);
  batch->elements = g_ptr_array_new_with_free_func (gst_object_unref);
  for (guint i = 0; i < count; i++) {
    gst_element_set_locked_state (elements[i], TRUE);
    g_ptr_array_add (batch->elements, gst_object_ref (elements[i]));
  }
  g_thread_pool_push (self->pool, batch, NULL);
}

/**
 * peal_reaper_wait:
 *
 * Returns when everything handed over so far is gone. The same rules as for
 * peal_reaper_free().
 */
void
peal_reaper_wait (PealReaper *self)
{
  g_autoptr (GAsyncQueue) done = g_async_queue_new ();
  Batch marker = { .done = done };

  g_thread_pool_push (self->pool, &marker, NULL);
  g_async_queue_pop (done);
}
