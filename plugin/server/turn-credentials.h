/*
 * Credentials for a TURN server that shares a secret with us, as coturn's
 * `use-auth-secret` has them (draft-uberti-behave-turn-rest-00). Pure.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

gchar *
peal_turn_credentials_make_username (const gchar *id, gint64 now_s);
gchar *
peal_turn_credentials_make_password (
    const gchar *secret, const gchar *username);
GPtrArray *
peal_turn_credentials_hand_out (
    GPtrArray *servers, const gchar *secret, const gchar *id, gint64 now_s);

G_END_DECLS
