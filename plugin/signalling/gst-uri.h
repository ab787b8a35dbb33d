/*
 * The URIs of other GStreamer signalling protocols: where to connect, and as
 * whom. Pure.
 *
 *   gstwebrtc+ws://host:8443/?peer=ID&peer-name=NAME&role=ROLE&version=1.1
 *   gstexamples+ws://host:8443/?room=ROOM&peer=ID&id=OWN
 *
 * Both take `name` (ours) and `token` (for a server of ours).
 */
#pragma once

#include "signalling/uri-split.h"

G_BEGIN_DECLS

/* Both protocols' servers listen there. */
#define PEAL_GST_URI_PORT 8443

/**
 * PealGstUri:
 * @websocket: the address to connect to; the token is in it
 * @endpoint: `HOST:PORT`, for messages to the user
 * @path: the address' path
 *
 * Its parameters are to be had by peal_gst_uri_get().
 */
typedef struct {
  gchar *websocket;
  gchar *endpoint;
  gchar *path;
  const gchar *const *allowed; /* the parameters that it may have */
  gchar **values;              /* of each; NULL: it has none */
} PealGstUri;

PealGstUri *
peal_gst_uri_parse (const PealUriForm *form, const gchar *text,
    const gchar *const *allowed, const gchar *default_path, const gchar *token,
    GError **error);
const gchar *
peal_gst_uri_get (const PealGstUri *self, const gchar *parameter);
void
peal_gst_uri_free (PealGstUri *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealGstUri, peal_gst_uri_free)

G_END_DECLS
