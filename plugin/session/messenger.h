/*
 * PealMessenger: the application's messages, to one peer or to all, each on
 * the way that its talk finds.
 *
 * Threads: everything on the loop, signals too, with no lock held.
 */
#pragma once

#include "session/membership.h"
#include "signalling/signaller.h"

G_BEGIN_DECLS

#define PEAL_TYPE_MESSENGER (peal_messenger_get_type ())
G_DECLARE_FINAL_TYPE (PealMessenger, peal_messenger, PEAL, MESSENGER, GObject)

PealMessenger *
peal_messenger_new (PealSignaller *signaller, PealMembership *members);
void
peal_messenger_attach (PealMessenger *self, PealPeer *peer);
void
peal_messenger_detach (PealMessenger *self, PealPeer *peer);
gboolean
peal_messenger_send (
    PealMessenger *self, const gchar *peer_id, JsonNode *body, GError **error);
void
peal_messenger_take (PealMessenger *self, PealMessage *message);

G_END_DECLS
