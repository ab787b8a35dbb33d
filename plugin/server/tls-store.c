/*
 * The server's certificate. See tls-store.h. Called by the server when it
 * starts, on its thread; touches files.
 *
 * What it makes itself stands in `certificate.pem` and `key.pem` (mode 0600).
 * It is used again as long as it is valid for another 30 days and names every
 * IPv4 address this machine has now; otherwise a new certificate is made with
 * the same key. IPv6 addresses are named, but a new one is no reason to renew:
 * privacy addresses (RFC 8981) change every day.
 */
#include "server/tls-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <unistd.h>

#include "base/error.h"
#include "base/certificate-maker.h"
#include "server/interfaces.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

#define RENEW_BEFORE_DAYS 30 /* chosen: a month to notice that it failed */

static void
ensure_category (void)
{
  static gsize is_ready;

  if (g_once_init_enter (&is_ready)) {
    GST_DEBUG_CATEGORY_INIT (debug_category, "peal-server-tls-store", 0,
        "the certificate of the Peal server");
    g_once_init_leave (&is_ready, 1);
  }
}

static gboolean
check_backend (GError **error)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return TRUE;
  return peal_error_set (error, PEAL_ERROR_UNSUPPORTED,
      "TLS is not available: install the package glib-networking");
}

static gboolean
check_readable (const gchar *what, const gchar *file, GError **error)
{
  if (!file) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "TLS needs a certificate and its key: the %s is missing", what);
    return FALSE;
  }
  if (g_access (file, R_OK) == 0)
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE, "cannot read the %s %s: %s",
      what, file, g_strerror (errno));
  return FALSE;
}

/* GIO would take both, and every handshake would fail. */
static gboolean
check_pair (GTlsCertificate *certificate, const gchar *key_file, GError **error)
{
  g_autoptr (GByteArray) der = NULL;
  g_autofree gchar *pem = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (!der || !g_file_get_contents (key_file, &pem, NULL, NULL) ||
      peal_certificate_maker_is_pair (der, pem))
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "the key %s is not the certificate's", key_file);
  return FALSE;
}

/**
 * peal_tls_store_load:
 * @certificate_file: (nullable): PEM chain, the server's own first
 * @key_file: (nullable): PEM private key
 *
 * Returns: (transfer full): the certificate; or NULL and an error whose text
 *   names the file
 */
GTlsCertificate *
peal_tls_store_load (
    const gchar *certificate_file, const gchar *key_file, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;

  if (!check_backend (error) ||
      !check_readable ("certificate", certificate_file, error) ||
      !check_readable ("key", key_file, error))
    return NULL;
  certificate =
      g_tls_certificate_new_from_files (certificate_file, key_file, &cause);
  if (!certificate) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot use the certificate %s with the key %s: %s", certificate_file,
        key_file, cause->message);
    return NULL;
  }
  if (!check_pair (certificate, key_file, error))
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
lasts (GTlsCertificate *certificate, GDateTime *now)
{
  g_autoptr (GDateTime) end =
      g_tls_certificate_get_not_valid_after (certificate);
  g_autoptr (GDateTime) start =
      g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) soon = g_date_time_add_days (now, RENEW_BEFORE_DAYS);

  return end && start && g_date_time_compare (end, soon) > 0 &&
      g_date_time_compare (start, now) <= 0;
}

static gboolean
names (GTlsCertificate *certificate, GInetAddress *address)
{
  g_autoptr (GPtrArray) named =
      g_tls_certificate_get_ip_addresses (certificate);

  return named &&
      g_ptr_array_find_with_equal_func (
          named, address, (GEqualFunc)g_inet_address_equal, NULL);
}

static gboolean
names_all (GTlsCertificate *certificate, GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++) {
    GInetAddress *address = g_ptr_array_index (addresses, i);

    if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 &&
        !names (certificate, address))
      return FALSE;
  }
  return TRUE;
}

static GTlsCertificate *
load_kept (const gchar *certificate_file, const gchar *key_file,
    GPtrArray *addresses, GDateTime *now)
{
  g_autoptr (GTlsCertificate) kept =
      peal_tls_store_load (certificate_file, key_file, NULL);

  if (!kept || !lasts (kept, now) || !names_all (kept, addresses))
    return NULL;
  return g_steal_pointer (&kept);
}

static gboolean
keep (const gchar *file, const gchar *pem, gint mode, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (g_file_set_contents_full (
          file, pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode, &cause))
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE, "cannot write %s: %s", file,
      cause->message);
  return FALSE;
}

/* The key of before, if there is one that can be used, else a new one. */
static gchar *
ensure_key (const gchar *key_file, GError **error)
{
  g_autofree gchar *pem = NULL;

  if (g_file_get_contents (key_file, &pem, NULL, NULL) &&
      peal_certificate_maker_is_key (pem))
    return g_steal_pointer (&pem);
  g_clear_pointer (&pem, g_free);
  pem = peal_certificate_maker_new_key (error);
  if (!pem || !keep (key_file, pem, 0600, error))
    return NULL;
  return g_steal_pointer (&pem);
}

static gboolean
make (const gchar *certificate_file, const gchar *key_file,
    GPtrArray *addresses, GDateTime *now, GError **error)
{
  g_autofree gchar *key = ensure_key (key_file, error);
  g_autofree gchar *pem = NULL;

  if (!key)
    return FALSE;
  GST_INFO ("making a certificate in %s", certificate_file);
  pem = peal_certificate_maker_sign (
      key, g_get_host_name (), addresses, g_date_time_to_unix (now), error);
  return pem && keep (certificate_file, pem, 0644, error);
}

/**
 * peal_tls_store_ensure:
 * @directory: where it is kept; made (mode 0700) if it is not there
 * @now: the time
 *
 * Returns: (transfer full): a self-signed certificate for this machine, kept
 *   or new; or NULL and an error
 */
GTlsCertificate *
peal_tls_store_ensure (const gchar *directory, GDateTime *now, GError **error)
{
  g_autofree gchar *certificate_file =
      g_build_filename (directory, PEAL_TLS_STORE_CERTIFICATE_NAME, NULL);
  g_autofree gchar *key_file =
      g_build_filename (directory, PEAL_TLS_STORE_KEY_NAME, NULL);
  g_autoptr (GPtrArray) addresses = peal_interfaces_list_addresses ();
  GTlsCertificate *kept;

  ensure_category ();
  if (!check_backend (error))
    return NULL;
  if (g_mkdir_with_parents (directory, 0700) != 0) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot make the directory %s for the certificate: %s", directory,
        g_strerror (errno));
    return NULL;
  }
  kept = load_kept (certificate_file, key_file, addresses, now);
  if (kept)
    return kept;
  if (!make (certificate_file, key_file, addresses, now, error))
    return NULL;
  return peal_tls_store_load (certificate_file, key_file, error);
}

/**
 * peal_tls_store_dup_default_directory:
 *
 * Returns: (transfer full): `$STATE_DIRECTORY` under systemd (its first, if
 *   there are several), else `$XDG_STATE_HOME/peal`
 */
gchar *
peal_tls_store_dup_default_directory (void)
{
  const gchar *state = g_getenv ("STATE_DIRECTORY");
  g_auto (GStrv) directories = g_strsplit (state ? state : "", ":", 2);

  if (directories[0] && *directories[0])
    return g_strdup (directories[0]);
  return g_build_filename (g_get_user_state_dir (), "peal", NULL);
}
