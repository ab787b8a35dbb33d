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

static gboolean
wants (const PealPairingMember *one, const PealPairingMember *other)
{
  return !one->calls || g_strcmp0 (one->calls, other->id) == 0 ||
      g_strcmp0 (one->calls, other->name) == 0;
}

static gboolean
suit (const PealPairingMember *one, const PealPairingMember *other)
{
  return one != other && !(one->is_called && other->is_called) &&
      wants (one, other) && wants (other, one);
}

/* The free one that suits @one and has waited longest. */
static const PealPairingMember *
find_partner (const PealPairingMember *members, guint n_members,
    const PealPairingMember *one)
{
  const PealPairingMember *found = NULL;

  for (guint i = 0; i < n_members; i++)
    if (members[i].is_free && suit (one, &members[i]) &&
        waits_longer (&members[i], found))
      found = &members[i];
  return found;
}

/**
 * peal_pairing_choose:
 * @members: those of one room, in the order of joining
 * @n_members: how many
 * @first: (out): of those with a single connection for whom there is a
 *   partner, the one that has waited longest
 * @second: (out): its partner: of all others that are free and suit it, the
 *   one that has waited longest
 *
 * Returns: whether there are two to be paired; mark them as not free and ask
 *   again
 */
gboolean
peal_pairing_choose (const PealPairingMember *members, guint n_members,
    guint *first, guint *second)
{
  const PealPairingMember *one = NULL;
  const PealPairingMember *partner = NULL;

  for (guint i = 0; i < n_members; i++) {
    const PealPairingMember *each = &members[i];
    const PealPairingMember *other = NULL;

    if (each->has_one_connection && each->is_free && waits_longer (each, one))
      other = find_partner (members, n_members, each);
    if (other) {
      one = each;
      partner = other;
    }
  }
  if (!one)
    return FALSE;
  *first = one - members;
  *second = partner - members;
  return TRUE;
}
