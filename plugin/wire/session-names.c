/*
 * Names for sessions in protocols that have none. See session-names.h. Pure.
 */
#include "wire/session-names.h"

#include <string.h>

#define NAME_LENGTH 16 /* protocols.md section 1: 8 to 32 */
/* RFC 8839 section 5.4: an ice-ufrag has at most 256 characters. */
#define MAX_UFRAG_BYTES 256

typedef struct {
  gchar *session;   /* the current one: of the last description */
  gchar *offered;   /* the one we offered last, or NULL */
  gchar *theirs;    /* the current one's id in `o=`, if they offered it */
  gchar *described; /* their last description in it, or NULL */
  GPtrArray *early; /* of PealMessage: candidates for the next description */
} Names;

struct _PealSessionNames {
  GHashTable *peers; /* id (or "") -> Names */
};

static void
names_free (Names *names)
{
  g_free (names->session);
  g_free (names->offered);
  g_free (names->theirs);
  g_free (names->described);
  g_ptr_array_unref (names->early);
  g_free (names);
}

PealSessionNames *
peal_session_names_new (void)
{
  PealSessionNames *self = g_new0 (PealSessionNames, 1);

  self->peers = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)names_free);
  return self;
}

void
peal_session_names_free (PealSessionNames *self)
{
  g_hash_table_unref (self->peers);
  g_free (self);
}

/* NULL when there are too many already. */
static Names *
get_names (PealSessionNames *self, const gchar *peer_id)
{
  const gchar *key = peer_id ? peer_id : "";
  Names *names = g_hash_table_lookup (self->peers, key);

  if (names || g_hash_table_size (self->peers) >= PEAL_SESSION_NAMES_MAX_PEERS)
    return names;

  names = g_new0 (Names, 1);
  names->early =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  g_hash_table_insert (self->peers, g_strdup (key), names);
  return names;
}

static void
replace (gchar **field, const gchar *value)
{
  gchar *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

/* ---- what an SDP says ---- */

/* The line that begins with @prefix, without it and its end; or NULL. */
static gchar *
find_line (const gchar *sdp, const gchar *prefix)
{
  const gchar *at = sdp;

  while (at && *at) {
    if (g_str_has_prefix (at, prefix)) {
      at += strlen (prefix);
      return g_strndup (at, strcspn (at, "\r\n"));
    }
    at = strchr (at, '\n');
    at = at ? at + 1 : NULL;
  }
  return NULL;
}

/**
 * peal_sdp_origin:
 * @sdp: a description
 *
 * Returns: (transfer full): the session id of its `o=` line (RFC 8866 section
 *   5.2); empty when it has none
 */
gchar *
peal_sdp_origin (const gchar *sdp)
{
  g_autofree gchar *line = find_line (sdp, "o=");
  g_auto (GStrv) fields = line ? g_strsplit (line, " ", 3) : NULL;

  return g_strdup (fields && fields[0] && fields[1] ? fields[1] : "");
}

/**
 * peal_sdp_ice_user:
 * @sdp: a description
 *
 * Returns: (transfer full): the user of its first `a=ice-ufrag:` (RFC 8839
 *   section 5.4), which every connection chooses anew; empty when it has none
 */
gchar *
peal_sdp_ice_user (const gchar *sdp)
{
  g_autofree gchar *user = find_line (sdp, "a=ice-ufrag:");

  return user ? g_steal_pointer (&user) : g_strdup ("");
}

/**
 * peal_sdp_origin_compare:
 * @a: a session id: decimal, of any length
 * @b: another
 *
 * Returns: less than 0 when @a is the smaller number
 */
gint
peal_sdp_origin_compare (const gchar *a, const gchar *b)
{
  gsize length_a, length_b;

  a += strspn (a, "0");
  b += strspn (b, "0");
  length_a = strlen (a);
  length_b = strlen (b);
  if (length_a != length_b)
    return length_a < length_b ? -1 : 1;
  return strcmp (a, b);
}

/* The ICE user that a candidate names (RFC 8838 section 10's extension). */
static gchar *
find_ufrag (const gchar *candidate)
{
  const gchar *at = candidate ? strstr (candidate, " ufrag ") : NULL;

  if (!at)
    return NULL;
  at += strlen (" ufrag ");
  return g_strndup (at, MIN (strcspn (at, " \r\n"), MAX_UFRAG_BYTES));
}

static gboolean
knows_user (const gchar *sdp, const gchar *ufrag)
{
  g_autofree gchar *line = g_strconcat ("a=ice-ufrag:", ufrag, NULL);
  gsize length = strlen (line);

  for (const gchar *at = strstr (sdp, line); at; at = strstr (at + 1, line))
    if (at[length] == '\0' || at[length] == '\r' || at[length] == '\n')
      return TRUE;
  return FALSE;
}

/* The same peer and `o=` give the same name, in every run. */
static gchar *
make_session (const gchar *peer_id, const gchar *origin)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const gchar *key = peer_id ? peer_id : "";

  g_checksum_update (checksum, (const guchar *)key, (gssize)strlen (key) + 1);
  g_checksum_update (checksum, (const guchar *)origin, -1);
  return g_strndup (g_checksum_get_string (checksum), NAME_LENGTH);
}

/* ---- what is said ---- */

/**
 * peal_session_names_sent:
 * @message: what we say to its peer; offers and answers matter. Who answers
 *   gives up the offer of its own that may be on the way: an answer to that
 *   one means nothing any more
 */
void
peal_session_names_sent (PealSessionNames *self, const PealMessage *message)
{
  Names *names = get_names (self, message->peer_id);

  if (names && message->kind == PEAL_MESSAGE_ANSWER)
    g_clear_pointer (&names->offered, g_free);
  if (!names || message->kind != PEAL_MESSAGE_OFFER)
    return;
  if (g_strcmp0 (names->session, message->session) != 0)
    g_clear_pointer (&names->described, g_free);
  replace (&names->session, message->session);
  replace (&names->offered, message->session);
  g_clear_pointer (&names->theirs, g_free);
}

static PealMessage *
name (const PealMessage *message, const gchar *session)
{
  PealMessage *named = peal_message_new (message->kind, message->peer_id);

  named->session = g_strdup (session);
  named->sdp = g_strdup (message->sdp);
  named->candidate = g_strdup (message->candidate);
  named->sdp_mid = g_strdup (message->sdp_mid);
  named->sdp_mline_index = message->sdp_mline_index;
  named->text = g_strdup (message->text);
  return named;
}

/* Those that name an ICE user whom @names' description does not know stay. */
static gboolean
is_early (const Names *names, const PealMessage *candidate)
{
  g_autofree gchar *ufrag = find_ufrag (candidate->candidate);

  if (!names->session)
    return TRUE;
  return ufrag && names->described && !knows_user (names->described, ufrag);
}

static void
flush_early (Names *names, GPtrArray *said)
{
  for (guint i = 0; i < names->early->len; i++) {
    PealMessage *candidate = g_ptr_array_index (names->early, i);

    if (!is_early (names, candidate))
      g_ptr_array_add (said, name (candidate, names->session));
  }
  g_ptr_array_set_size (names->early, 0);
}

static void
describe (Names *names, const PealMessage *message, GPtrArray *said)
{
  replace (&names->described, message->sdp);
  g_ptr_array_add (said, name (message, names->session));
  flush_early (names, said);
}

static void
hear_offer (Names *names, const PealMessage *message, GPtrArray *said)
{
  g_autofree gchar *origin = peal_sdp_origin (message->sdp);

  if (g_strcmp0 (origin, names->theirs) != 0) {
    g_free (names->session);
    names->session = make_session (message->peer_id, origin);
    replace (&names->theirs, origin);
  }
  describe (names, message, said);
}

static void
hear_answer (Names *names, const PealMessage *message, GPtrArray *said)
{
  if (!names->offered)
    return;
  replace (&names->session, names->offered);
  g_clear_pointer (&names->theirs, g_free);
  describe (names, message, said);
}

static void
hear_candidate (Names *names, const PealMessage *message, GPtrArray *said)
{
  if (!is_early (names, message))
    g_ptr_array_add (said, name (message, names->session));
  else if (names->early->len < PEAL_SESSION_NAMES_MAX_EARLY)
    g_ptr_array_add (names->early, name (message, NULL));
}

/**
 * peal_session_names_heard:
 * @message: from its peer, in no session
 *
 * Returns: (transfer full) (element-type PealMessage): what it means, in order:
 *   the same in its session, after an offer or answer the candidates that came
 *   too early; nothing for an answer to no offer of ours, or a candidate that
 *   is kept
 */
GPtrArray *
peal_session_names_heard (PealSessionNames *self, const PealMessage *message)
{
  GPtrArray *said =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  Names *names = get_names (self, message->peer_id);

  if (!names)
    return said;
  if (message->kind == PEAL_MESSAGE_OFFER)
    hear_offer (names, message, said);
  else if (message->kind == PEAL_MESSAGE_ANSWER)
    hear_answer (names, message, said);
  else if (message->kind == PEAL_MESSAGE_CANDIDATE)
    hear_candidate (names, message, said);
  else
    g_ptr_array_add (said, name (message, names->session));
  return said;
}

/**
 * peal_session_names_forget:
 * @peer_id: (nullable): who left
 */
void
peal_session_names_forget (PealSessionNames *self, const gchar *peer_id)
{
  g_hash_table_remove (self->peers, peer_id ? peer_id : "");
}
