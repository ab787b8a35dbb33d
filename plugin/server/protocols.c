/*
 * The paths and what is spoken there. See protocols.h. Pure; any thread. A new
 * protocol is a dialect in wire/ and a line in this table.
 */
#include "server/protocols.h"

#include <string.h>

#include "wire/gst-choice.h"
#include "wire/gstexamples-server.h"
#include "wire/gstwebrtc-server.h"
#include "wire/relay-server.h"

#define DEFAULT_ROOM "lobby"

static const PealProtocol protocols[] = {
  { .path = "/ws",
      .has_room = TRUE,
      .new_dialect = peal_relay_server_new_for_first_frame },
  { .path = "/relay",
      .has_room = TRUE,
      .default_room = DEFAULT_ROOM,
      .new_dialect = peal_relay_server_new },
  { .path = "/gstwebrtc",
      .has_room = TRUE,
      .default_room = DEFAULT_ROOM,
      .may_stay = TRUE,
      .new_dialect = peal_gstwebrtc_server_new },
  { .path = "/gstexamples",
      .has_room = TRUE,
      .default_room = DEFAULT_ROOM,
      .may_stay = TRUE,
      .new_dialect = peal_gstexamples_server_new },
  { .path = "/",
      .default_room = DEFAULT_ROOM,
      .may_stay = TRUE,
      .new_dialect = peal_gst_server_new_for_first_frame },
  { .path = NULL },
};

/* The rest of @path behind @start and a slash; "" for @start alone. */
static const gchar *
strip (const gchar *path, const gchar *start)
{
  if (!g_str_has_prefix (path, start))
    return NULL;
  path += strlen (start);
  if (*path == '\0')
    return path;
  return *path == '/' ? path + 1 : NULL;
}

/**
 * peal_protocols_find:
 * @path: of a WebSocket upgrade, decoded
 * @room: (out) (transfer none) (nullable): the room that the path names,
 *   unchecked; part of @path, or static
 *
 * Returns: (transfer none) (nullable): what is spoken there
 */
const PealProtocol *
peal_protocols_find (const gchar *path, const gchar **room)
{
  const PealProtocol *protocol;

  for (protocol = protocols; protocol->path; protocol++) {
    const gchar *rest = g_str_equal (protocol->path, "/")
        ? (g_str_equal (path, "/") ? "" : NULL)
        : strip (path, protocol->path);

    if (!rest || (*rest && !protocol->has_room))
      continue;
    *room = *rest ? rest : protocol->default_room;
    return protocol;
  }
  return NULL;
}

/**
 * peal_protocols_dup_paths:
 *
 * Returns: (transfer full): the paths, for a person: `/ws[/ROOM], …`
 */
gchar *
peal_protocols_dup_paths (void)
{
  GString *paths = g_string_new (NULL);

  for (const PealProtocol *each = protocols; each->path; each++)
    g_string_append_printf (paths, "%s%s%s", paths->len ? ", " : "", each->path,
        each->has_room ? "[/ROOM]" : "");
  return g_string_free (paths, FALSE);
}

/**
 * peal_protocols_list:
 *
 * Returns: (transfer none): all of them; the last has no path
 */
const PealProtocol *
peal_protocols_list (void)
{
  return protocols;
}
