/*
 * Peal rooms, from either side: what is read can be written, and is the
 * same when it is read again. What is read or written without a tree of JSON
 * is what the tree would give.
 */
#include "wire/peal-rooms.h"

#include <string.h>

#include "fuzz.h"
#include "wire/peal-rooms-private.h"

const gchar *const fuzz_vectors[] = { "peal-rooms/valid.json",
  "peal-rooms/invalid.json", NULL };
const gchar *const fuzz_texts[] = { NULL };

static void
compare_with_tree (PealRoomsSide side, const guint8 *data, gsize size)
{
  g_autoptr (PealMessage) quick =
      peal_rooms_decode_quick (side, (const gchar *)data, size);
  g_autoptr (PealMessage) tree = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *tree_text = NULL;

  if (!quick)
    return;
  tree = peal_rooms_decode_tree (side, (const gchar *)data, size, NULL, NULL);
  g_assert_nonnull (tree);
  g_assert_cmpint (quick->kind, ==, tree->kind);
  text = peal_rooms_encode_quick (side, quick);
  tree_text = peal_rooms_encode_tree (side, tree);
  g_assert_cmpstr (text, ==, tree_text);
}

static void
read_as (PealRoomsSide side, const guint8 *data, gsize size)
{
  const gchar *code = NULL;
  g_autoptr (PealMessage) message =
      peal_rooms_decode (side, (const gchar *)data, size, &code, NULL);
  g_autoptr (PealMessage) again = NULL;
  g_autofree gchar *text = NULL;

  if (!message) {
    g_assert_nonnull (code);
    return;
  }
  text = peal_rooms_encode (side, message);
  if (strlen (text) > PEAL_ROOMS_MAX_FRAME_BYTES)
    return;
  again = peal_rooms_decode (side, text, strlen (text), NULL, NULL);
  g_assert_true (!again || again->kind == message->kind);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  compare_with_tree (PEAL_ROOMS_FROM_CLIENT, data, size);
  compare_with_tree (PEAL_ROOMS_FROM_SERVER, data, size);
  read_as (PEAL_ROOMS_FROM_CLIENT, data, size);
  read_as (PEAL_ROOMS_FROM_SERVER, data, size);
  return 0;
}
