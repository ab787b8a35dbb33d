/*
 * One stream to several consumers. See fork.h.
 *
 * Used by receive heads (before the depayloader, and before the decoder) and
 * by remote tracks (after it). Buffers are pushed on the upstream streaming
 * thread, to one output after the other; a consumer that may stall needs a
 * PealDropQueue behind its output. The last flow result of a consumer is
 * readable with gst_pad_get_last_flow_return().
 *
 * The list of outputs is GstElement's own, guarded by the object lock; a push
 * works on a snapshot.
 */
#include "media/fork.h"

#include <gst/video/video.h>

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

struct _PealFork {
  GstElement parent;

  GstPad *sink;
  GstCaps *caps;
};

G_DEFINE_FINAL_TYPE (PealFork, peal_fork, GST_TYPE_ELEMENT)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src_%s", GST_PAD_SRC, GST_PAD_REQUEST, GST_STATIC_CAPS_ANY);

static GPtrArray *
list_outputs (PealFork *self)
{
  GPtrArray *outputs = g_ptr_array_new_with_free_func (gst_object_unref);

  GST_OBJECT_LOCK (self);
  for (GList *l = GST_ELEMENT_CAST (self)->srcpads; l; l = l->next)
    g_ptr_array_add (outputs, gst_object_ref (l->data));
  GST_OBJECT_UNLOCK (self);

  return outputs;
}

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  g_autoptr (GPtrArray) outputs = list_outputs (PEAL_FORK (parent));

  for (guint i = 0; i < outputs->len; i++) {
    GstPad *output = g_ptr_array_index (outputs, i);
    GstFlowReturn flow = gst_pad_push (output, gst_buffer_ref (buffer));

    if (flow != GST_FLOW_OK && flow != GST_FLOW_NOT_LINKED)
      GST_LOG_OBJECT (output, "consumer: %s", gst_flow_get_name (flow));
  }
  gst_buffer_unref (buffer);

  return GST_FLOW_OK;
}

static gboolean
handle_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  g_autoptr (GPtrArray) outputs = NULL;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_EOS:
    case GST_EVENT_FLUSH_START:
    case GST_EVENT_FLUSH_STOP:
      GST_DEBUG_OBJECT (parent, "%s ends here", GST_EVENT_TYPE_NAME (event));
      break;
    default:
      outputs = list_outputs (PEAL_FORK (parent));
      for (guint i = 0; i < outputs->len; i++)
        gst_pad_push_event (
            g_ptr_array_index (outputs, i), gst_event_ref (event));
  }
  gst_event_unref (event);

  return TRUE;
}

/* An EOS would mark the pad, and later buffers would be refused. */
static GstPadProbeReturn
drop_end (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
    case GST_EVENT_EOS:
    case GST_EVENT_FLUSH_START:
    case GST_EVENT_FLUSH_STOP:
      return GST_PAD_PROBE_DROP;
    default:
      return GST_PAD_PROBE_OK;
  }
}

static gboolean
handle_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  PealFork *self = PEAL_FORK (parent);
  g_autoptr (GstCaps) result = NULL;
  GstCaps *caps;

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      gst_query_parse_caps (query, &caps);
      result = caps
          ? gst_caps_intersect_full (caps, self->caps, GST_CAPS_INTERSECT_FIRST)
          : gst_caps_ref (self->caps);
      gst_query_set_caps_result (query, result);
      return TRUE;
    case GST_QUERY_ACCEPT_CAPS:
      gst_query_parse_accept_caps (query, &caps);
      gst_query_set_accept_caps_result (
          query, gst_caps_can_intersect (caps, self->caps));
      return TRUE;
    case GST_QUERY_ALLOCATION:
      return FALSE;
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}

static gboolean
handle_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PealFork *self = PEAL_FORK (parent);

  if (gst_video_event_is_force_key_unit (event))
    return gst_pad_push_event (self->sink, event);

  gst_event_unref (event);
  return TRUE;
}

static void
peal_fork_finalize (GObject *object)
{
  gst_caps_unref (PEAL_FORK (object)->caps);
  G_OBJECT_CLASS (peal_fork_parent_class)->finalize (object);
}

static void
peal_fork_class_init (PealForkClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      debug_category, "peal-media-fork", 0, "one stream to several consumers");
  G_OBJECT_CLASS (klass)->finalize = peal_fork_finalize;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Peal fork", "Generic",
      "One stream to several consumers, none of which can stop it", "Peal");
}

static void
peal_fork_init (PealFork *self)
{
  self->caps = gst_caps_new_any ();
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, chain);
  gst_pad_set_event_function (self->sink, handle_sink_event);
  gst_pad_set_query_function (self->sink, handle_sink_query);
  gst_pad_add_probe (self->sink,
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      drop_end, NULL, NULL);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
}

/**
 * peal_fork_new:
 * @name: (nullable): the element's name
 * @caps: (transfer full): what it takes and says it takes
 *
 * Returns: (transfer floating): a fork without outputs; it drops everything
 */
GstElement *
peal_fork_new (const gchar *name, GstCaps *caps)
{
  PealFork *self = g_object_new (PEAL_TYPE_FORK, "name", name, NULL);

  gst_caps_replace (&self->caps, caps);
  gst_caps_unref (caps);

  return GST_ELEMENT (self);
}

static gboolean
copy_sticky_event (GstPad *pad, GstEvent **event, gpointer data)
{
  gst_pad_store_sticky_event (data, *event);
  return TRUE;
}

/**
 * peal_fork_add_output:
 * @name: the pad's name
 *
 * The output starts with what the stream's caps and segment are now.
 *
 * Returns: (transfer none): a source pad
 */
GstPad *
peal_fork_add_output (PealFork *self, const gchar *name)
{
  GstPad *pad = gst_pad_new_from_static_template (&src_template, name);

  gst_pad_set_event_function (pad, handle_src_event);
  gst_pad_set_active (pad, TRUE);
  gst_pad_sticky_events_foreach (self->sink, copy_sticky_event, pad);
  gst_element_add_pad (GST_ELEMENT (self), pad);

  return pad;
}

/**
 * peal_fork_remove_output:
 * @pad: from peal_fork_add_output()
 *
 * Waits for a push to this output that is under way.
 */
void
peal_fork_remove_output (PealFork *self, GstPad *pad)
{
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (GST_ELEMENT (self), pad);
}
