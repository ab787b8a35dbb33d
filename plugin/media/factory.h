/*
 * Making elements from short descriptions, with an error that names the
 * missing element and the Debian package that has it. Any thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

gboolean
peal_factory_exists (const gchar *description);
const gchar *
peal_factory_get_package (const gchar *description);
GstElement *
peal_factory_make (const gchar *description, const gchar *name, GError **error);
void
peal_factory_set_missing_error (const gchar *description, GError **error);
void
peal_factory_apply (GstElement *element, const gchar *description);
gboolean
peal_factory_chain (GstBin *bin, GstElement *const *elements, guint n_elements);

G_END_DECLS
