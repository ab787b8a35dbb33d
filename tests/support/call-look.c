/*
 * What is inside a member's pealbin: counts of elements. See call-rig.h. No
 * state.
 */
#include <string.h>

#include "call-rig.h"

/* ---- what is inside it --------------------------------------------------- */

typedef struct {
  const gchar *klass;
  const gchar *media;
  const gchar *factory;
  guint count;
} Tally;

static void
tally (const GValue *item, gpointer data)
{
  Tally *self = data;
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *klass = gst_element_get_metadata (element, "klass");

  if (self->factory) {
    if (factory && g_str_equal (GST_OBJECT_NAME (factory), self->factory))
      self->count++;
  } else if (strstr (klass, self->klass) && strstr (klass, self->media)) {
    self->count++;
  }
}

static guint
run_tally (Member *self, Tally tally_data)
{
  g_autoptr (GstIterator) iterator =
      gst_bin_iterate_recurse (GST_BIN (member_get_call (self)));

  while (gst_iterator_foreach (iterator, tally, &tally_data) ==
      GST_ITERATOR_RESYNC) {
    gst_iterator_resync (iterator);
    tally_data.count = 0;
  }

  return tally_data.count;
}

/**
 * count_elements:
 * @klass: e.g. "Encoder"
 * @media: e.g. "Video"
 *
 * Returns: how many elements inside the pealbin have both in their class
 */
guint
count_elements (Member *self, const gchar *klass, const gchar *media)
{
  return run_tally (self, (Tally){ .klass = klass, .media = media });
}

guint
count_factory (Member *self, const gchar *factory)
{
  return run_tally (self, (Tally){ .factory = factory });
}
