/*
 * Token buckets, one per key (an address, a connection). Pure: the caller
 * says what time it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PealThrottle PealThrottle;

PealThrottle *
peal_throttle_new (guint burst, gdouble per_second);
void
peal_throttle_free (PealThrottle *self);
gboolean
peal_throttle_take (PealThrottle *self, const gchar *key, gint64 now_us);
guint
peal_throttle_get_size (PealThrottle *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealThrottle, peal_throttle_free)

G_END_DECLS
