/*
 * Small things done to pipelines. See pipeline-utils.h. No state.
 */
#include "base/pipeline-utils.h"

#define OWNER_KEY "peal-owner"

/**
 * peal_pipeline_remove:
 * @bin: a bin
 * @element: a child of it, or one that it has removed already (a bin that is
 *   being disposed of does so before it releases its pads)
 *
 * Stops @element and takes it out. Any thread that @element does not join.
 */
void
peal_pipeline_remove (GstBin *bin, GstElement *element)
{
  if (!gst_object_has_as_parent (GST_OBJECT (element), GST_OBJECT (bin)))
    return;

  /* Locked, so that the bin does not start it again meanwhile. */
  gst_element_set_locked_state (element, TRUE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bin_remove (bin, element);
}

/**
 * peal_pipeline_tag:
 * @owner: (nullable): whose element it is
 *
 * Marks a child of the bin, so that its bus messages find their peer.
 */
void
peal_pipeline_tag (GstElement *element, const gchar *owner)
{
  g_object_set_data_full (
      G_OBJECT (element), OWNER_KEY, g_strdup (owner), g_free);
}

/**
 * peal_pipeline_dup_owner:
 * @object: the source of a message
 * @bin: the bin that got the message
 *
 * Returns: (transfer full) (nullable): the owner of the child of @bin that
 *   @object is, or is inside of. Any thread.
 */
gchar *
peal_pipeline_dup_owner (GstObject *object, GstObject *bin)
{
  g_autoptr (GstObject) child = object ? gst_object_ref (object) : NULL;

  while (child) {
    g_autoptr (GstObject) parent = gst_object_get_parent (child);

    if (parent == bin)
      return g_strdup (g_object_get_data (G_OBJECT (child), OWNER_KEY));
    gst_object_replace (&child, parent);
  }

  return NULL;
}
