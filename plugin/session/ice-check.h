/*
 * Do the STUN and TURN servers serve us? Asked once there is trouble, and once
 * for all peers of a session.
 *
 * Threads: the loop.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PealIceCheck PealIceCheck;

/**
 * PealIceCheckFault:
 * @fault: one sentence, without a secret
 *
 * Called on the loop for each server that does not serve us.
 */
typedef void (*PealIceCheckFault) (const gchar *fault, gpointer data);

PealIceCheck *
peal_ice_check_new (PealIceCheckFault func, gpointer data);
void
peal_ice_check_free (PealIceCheck *self);
void
peal_ice_check_set_servers (PealIceCheck *self, const gchar *stun_server,
    const gchar *const *turn_servers);
void
peal_ice_check_run (PealIceCheck *self, gint64 now_us);
gboolean
peal_ice_check_is_done (PealIceCheck *self);
gboolean
peal_ice_check_has_turn (PealIceCheck *self);
GStrv
peal_ice_check_list_turn (PealIceCheck *self);
gchar *
peal_ice_check_describe (PealIceCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealIceCheck, peal_ice_check_free)

G_END_DECLS
