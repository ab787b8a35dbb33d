/*
 * Small things done to pipelines. See pipeline-utils.h. No state.
 */
#include "base/pipeline-utils.h"

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
