/*
 * What the uris of all protocols share: a scheme of ours before `ws:` or
 * `wss:`, a host, maybe a port. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chosen: longer than any address a person uses, short enough to print. */
#define PEAL_URI_MAX_BYTES 2048

/**
 * PealUriForm:
 * @prefix: what stands before `ws`, e.g. `relay+`; maybe empty
 * @example: for messages to the user
 * @default_port: where its servers listen; 0: at the scheme's
 */
typedef struct {
  const gchar *prefix;
  const gchar *example;
  gint default_port;
} PealUriForm;

/**
 * PealUriParameter:
 * @name: as it stands in the uri
 * @value: (nullable): where it goes; what was there is freed
 */
typedef struct {
  const gchar *name;
  gchar **value;
} PealUriParameter;

gboolean
peal_uri_refuse (const PealUriForm *form, const gchar *why, GError **error);
GUri *
peal_uri_split (const PealUriForm *form, const gchar *text, GError **error);
gboolean
peal_uri_read_query (const PealUriForm *form, GUri *uri,
    const PealUriParameter *parameters, guint n_parameters, GError **error);
void
peal_uri_replace (gchar **part, const gchar *value);
gint
peal_uri_get_port (GUri *uri);
gchar *
peal_uri_join (GUri *uri, const gchar *path, const gchar *query);
gchar *
peal_uri_get_endpoint (GUri *uri);

G_END_DECLS
