/*
 * The user is the time at which the credentials expire, and who got them; the
 * password is their HMAC with the shared secret. The TURN server computes the
 * same, so nothing is kept. Called by whoever lets members in; logs nothing.
 * Pure.
 */
#include "server/turn-credentials.h"

#include <string.h>

/* Chosen: the draft recommends a day. Who stays longer in a room and can resume
 * is sent to fetch others in between (PealServerLimits.renewal_ms). */
#define LIFETIME_S (24 * 60 * 60)
#define SHA1_BYTES 20

/**
 * peal_turn_credentials_make_username:
 * @id: who gets them, for the TURN server's log
 * @now_s: seconds since 1970
 *
 * Returns: (transfer full): `<expiry>:<id>`
 */
gchar *
peal_turn_credentials_make_username (const gchar *id, gint64 now_s)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%s", now_s + LIFETIME_S, id);
}

/**
 * peal_turn_credentials_make_password:
 * @secret: what the TURN server knows, too
 * @username: of peal_turn_credentials_make_username()
 *
 * Returns: (transfer full): base64 (HMAC-SHA1 (@secret, @username))
 */
gchar *
peal_turn_credentials_make_password (const gchar *secret, const gchar *username)
{
  g_autoptr (GHmac) hmac =
      g_hmac_new (G_CHECKSUM_SHA1, (const guchar *)secret, strlen (secret));
  guint8 digest[SHA1_BYTES];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guchar *)username, -1);
  g_hmac_get_digest (hmac, digest, &length);

  return g_base64_encode (digest, length);
}

/* A TURN server of which nobody said how to log in. */
static gboolean
wants_credentials (const PealIceServer *server)
{
  const gchar *url = server->urls ? server->urls[0] : NULL;

  return url && !server->username &&
      (g_str_has_prefix (url, "turn:") || g_str_has_prefix (url, "turns:"));
}

static PealIceServer *
copy (const PealIceServer *server, const gchar *secret, const gchar *username)
{
  g_autofree gchar *password = NULL;

  if (!wants_credentials (server))
    return peal_ice_server_new ((const gchar *const *)server->urls,
        server->username, server->credential);

  password = peal_turn_credentials_make_password (secret, username);
  return peal_ice_server_new (
      (const gchar *const *)server->urls, username, password);
}

/**
 * peal_turn_credentials_hand_out:
 * @servers: (nullable) (element-type PealIceServer): as they were configured
 * @secret: (nullable): what their TURN servers know, too
 * @id: the member that gets them
 * @now_s: seconds since 1970
 *
 * Returns: (transfer full) (nullable) (element-type PealIceServer): @servers
 *   for this member, TURN servers without a user with fresh credentials
 */
GPtrArray *
peal_turn_credentials_hand_out (
    GPtrArray *servers, const gchar *secret, const gchar *id, gint64 now_s)
{
  g_autofree gchar *username = NULL;
  GPtrArray *copies;

  if (!servers || !secret)
    return servers ? g_ptr_array_ref (servers) : NULL;

  username = peal_turn_credentials_make_username (id, now_s);
  copies =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);
  for (guint i = 0; i < servers->len; i++)
    g_ptr_array_add (
        copies, copy (g_ptr_array_index (servers, i), secret, username));

  return copies;
}
