/*
 * Who is paired with whom. See pairing.h. Pure; called by the room links.
 */
#include "server/pairing.h"

/* Of two that wait as long, the one that came first. */
static gboolean
waits_longer (const PealPairingMember *one, const PealPairingMember *other)
{
  return !other || one->waits_since_us < other->waits_since_us;
}

/* The free one that has waited longest, besides @but. */
static const PealPairingMember *
find_longest (const PealPairingMember *members, guint n_members,
    gboolean needs_partner, const PealPairingMember *but)
{
  const PealPairingMember *found = NULL;

  for (guint i = 0; i < n_members; i++) {
    const PealPairingMember *each = &members[i];

    if (!each->is_free || each == but ||
        (needs_partner && !each->has_one_connection))
      continue;
    if (waits_longer (each, found))
      found = each;
  }
  return found;
}

/**
 * peal_pairing_choose:
 * @members: those of one room, in the order of joining
 * @n_members: how many
 * @first: (out): the one with a single connection that has waited longest
 * @second: (out): its partner: of all others that are free, the one that has
 *   waited longest
 *
 * Returns: whether there are two to be paired; mark them as not free and ask
 *   again
 */
gboolean
peal_pairing_choose (const PealPairingMember *members, guint n_members,
    guint *first, guint *second)
{
  const PealPairingMember *one = find_longest (members, n_members, TRUE, NULL);
  const PealPairingMember *other =
      one ? find_longest (members, n_members, FALSE, one) : NULL;

  if (!other)
    return FALSE;
  *first = one - members;
  *second = other - members;
  return TRUE;
}
