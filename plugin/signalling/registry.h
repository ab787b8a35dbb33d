/*
 * Which protocol a URI's scheme means, and the signaller that speaks it.
 */
#pragma once

#include "signalling/signaller.h"

G_BEGIN_DECLS

/**
 * PealSignallerCreate:
 * @config: (transfer none): settings, with a uri of a scheme of this creator
 * @error: (out) (optional): USAGE
 *
 * Returns: (transfer full) (nullable): an idle signaller of the caller's
 *   thread-default main context
 */
typedef PealSignaller *(*PealSignallerCreate) (
    const PealSignallerConfig *config, GError **error);

PealSignaller *
peal_signaller_registry_create (
    const PealSignallerConfig *config, GError **error);
gchar *
peal_signaller_registry_list_schemes (void);
gboolean
peal_signaller_registry_check_uri (const gchar *uri, GError **error);
void
peal_signaller_registry_set_loopback_for_tests (PealSignallerCreate create);

G_END_DECLS
