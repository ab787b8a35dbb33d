/*
 * The sources and outputs around the element in a call. Main thread.
 */
#pragma once

#include <gst/gst.h>

#include "app/console.h"
#include "app/options.h"

G_BEGIN_DECLS

typedef struct _PealCallMedia PealCallMedia;

/**
 * PealMediaVerdict:
 * @PEAL_MEDIA_VERDICT_OTHER: the error is of somebody else
 * @PEAL_MEDIA_VERDICT_GO_ON: a source failed that the call can do without; it
 *   is gone
 * @PEAL_MEDIA_VERDICT_CLOSED: the user closed the window
 */
typedef enum {
  PEAL_MEDIA_VERDICT_OTHER,
  PEAL_MEDIA_VERDICT_GO_ON,
  PEAL_MEDIA_VERDICT_CLOSED,
} PealMediaVerdict;

PealCallMedia *
peal_call_media_new (
    GstElement *pipeline, GstElement *element, PealConsole *console);
void
peal_call_media_free (PealCallMedia *self);
gboolean
peal_call_media_add_sources (
    PealCallMedia *self, const PealOptions *options, GError **error);
gboolean
peal_call_media_add_outputs (
    PealCallMedia *self, const PealOptions *options, GError **error);
PealMediaVerdict
peal_call_media_judge (PealCallMedia *self, GstMessage *error, gchar **text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealCallMedia, peal_call_media_free)

G_END_DECLS
