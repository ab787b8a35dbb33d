/*
 * Who is paired with whom: a member that has a single connection and cannot
 * tell members apart gets one partner (protocols.md section 3). Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealPairingMember:
 * @id: its id
 * @name: (nullable): the name people see
 * @calls: (nullable): the id or name of the only one that it wants
 * @has_one_connection: wants exactly one partner; the others may be one's
 *   partner beside what else they do
 * @is_called: wants to be called, and calls nobody: two of these have nothing
 *   to say to each other
 * @is_free: is here and has no partner
 * @waits_since_us: since when it has none, monotonic
 */
typedef struct {
  const gchar *id;
  const gchar *name;
  const gchar *calls;
  gboolean has_one_connection;
  gboolean is_called;
  gboolean is_free;
  gint64 waits_since_us;
} PealPairingMember;

gboolean
peal_pairing_choose (const PealPairingMember *members, guint n_members,
    guint *first, guint *second);

G_END_DECLS
