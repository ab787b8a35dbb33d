/*
 * Which protocol a URI's scheme means, and the signaller that speaks it.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

PealSignaller *
peal_signaller_registry_create (
    const PealSignallerConfig *config, GError **error);
gchar *
peal_signaller_registry_list_schemes (void);
gboolean
peal_signaller_registry_check_uri (const gchar *uri, GError **error);

G_END_DECLS
