/*
 * Who is paired with whom: a member that has a single connection and cannot
 * tell members apart gets one partner (protocols.md section 3). Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealPairingMember:
 * @has_one_connection: wants exactly one partner; the others may be one's
 *   partner beside what else they do
 * @is_free: is here and has no partner
 * @waits_since_us: since when it has none, monotonic
 */
typedef struct {
  gboolean has_one_connection;
  gboolean is_free;
  gint64 waits_since_us;
} PealPairingMember;

gboolean
peal_pairing_choose (const PealPairingMember *members, guint n_members,
    guint *first, guint *second);

G_END_DECLS
