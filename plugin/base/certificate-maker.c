/*
 * Keys and self-signed certificates, with GnuTLS. See certificate-maker.h.
 * Called by the server for TLS and by the session for DTLS. Any thread;
 * touches no file.
 *
 * ECDSA P-256, because every browser takes it and a small board makes it in
 * milliseconds. Not a CA: whoever installs it trusts this server, not whatever
 * its key would sign.
 */
#include "base/certificate-maker.h"

#include <gnutls/gnutls.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/error.h"

#define VALID_DAYS 397       /* what browsers accept at most of any server */
#define BACKDATE_S (60 * 60) /* chosen: clocks of phones differ */
#define SERIAL_BYTES 16
#define KEY_ID_BYTES 32

/* A call of GnuTLS to make in order; the first that fails ends the rest. */
static gboolean
is_done (gint result, const gchar *what, GError **error)
{
  if (result >= 0)
    return TRUE;
  g_set_error (error, PEAL_ERROR, PEAL_ERROR_BUG,
      "cannot make a certificate: %s: %s", what, gnutls_strerror (result));
  return FALSE;
}

static gchar *
take_text (gnutls_datum_t *datum)
{
  gchar *text = g_strndup ((const gchar *)datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

/**
 * peal_certificate_maker_new_key:
 *
 * Returns: (transfer full): a private key, as PEM
 */
gchar *
peal_certificate_maker_new_key (GError **error)
{
  gnutls_x509_privkey_t key;
  gnutls_datum_t pem = { NULL, 0 };
  gboolean is_made;

  if (!is_done (gnutls_x509_privkey_init (&key), "key", error))
    return NULL;
  is_made = is_done (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                "key", error) &&
      is_done (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &pem),
          "key", error);
  gnutls_x509_privkey_deinit (key);
  return is_made ? take_text (&pem) : NULL;
}

static gnutls_x509_privkey_t
read_key (const gchar *pem)
{
  gnutls_x509_privkey_t key;
  gnutls_datum_t datum = { (guchar *)pem, strlen (pem) };

  if (gnutls_x509_privkey_init (&key) < 0)
    return NULL;
  if (gnutls_x509_privkey_import (key, &datum, GNUTLS_X509_FMT_PEM) < 0)
    g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  return key;
}

/**
 * peal_certificate_maker_is_key:
 *
 * Returns: whether @pem is a private key
 */
gboolean
peal_certificate_maker_is_key (const gchar *pem)
{
  gnutls_x509_privkey_t key = read_key (pem);
  gboolean is_key = key != NULL;

  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  return is_key;
}

static gboolean
have_same_key (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  guchar ids[2][KEY_ID_BYTES];
  gsize sizes[2] = { KEY_ID_BYTES, KEY_ID_BYTES };

  return gnutls_x509_crt_get_key_id (
             certificate, GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]) >= 0 &&
      gnutls_x509_privkey_get_key_id (
          key, GNUTLS_KEYID_USE_SHA256, ids[1], &sizes[1]) >= 0 &&
      sizes[0] == sizes[1] && memcmp (ids[0], ids[1], sizes[0]) == 0;
}

/**
 * peal_certificate_maker_is_pair:
 * @der: a certificate
 * @key_pem: a private key
 *
 * Returns: FALSE when the key is readable and another certificate's
 */
gboolean
peal_certificate_maker_is_pair (GByteArray *der, const gchar *key_pem)
{
  gnutls_x509_privkey_t key = read_key (key_pem);
  gnutls_x509_crt_t certificate = NULL;
  gnutls_datum_t datum = { der->data, der->len };
  gboolean is_pair = TRUE;

  if (key && gnutls_x509_crt_init (&certificate) >= 0 &&
      gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_DER) >= 0)
    is_pair = have_same_key (certificate, key);
  g_clear_pointer (&certificate, gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  return is_pair;
}

static gint
add_name (gnutls_x509_crt_t certificate, const gchar *name)
{
  return gnutls_x509_crt_set_subject_alt_name (
      certificate, GNUTLS_SAN_DNSNAME, name, strlen (name), GNUTLS_FSAN_APPEND);
}

static gint
add_address (gnutls_x509_crt_t certificate, GInetAddress *address)
{
  return gnutls_x509_crt_set_subject_alt_name (certificate,
      GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
      g_inet_address_get_native_size (address), GNUTLS_FSAN_APPEND);
}

static gint
add_loopback (gnutls_x509_crt_t certificate, GSocketFamily family)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (family);

  return add_address (certificate, address);
}

/* Every name a client may reach this machine by; mDNS's (RFC 6762) too. */
static gint
add_alternatives (
    gnutls_x509_crt_t certificate, const gchar *hostname, GPtrArray *addresses)
{
  g_autofree gchar *local = g_strconcat (hostname, ".local", NULL);
  gint result = add_name (certificate, "localhost");

  if (result >= 0 && !g_str_equal (hostname, "localhost"))
    result = add_name (certificate, hostname);
  if (result >= 0 && !strchr (hostname, '.'))
    result = add_name (certificate, local);
  if (result >= 0)
    result = add_loopback (certificate, G_SOCKET_FAMILY_IPV4);
  if (result >= 0)
    result = add_loopback (certificate, G_SOCKET_FAMILY_IPV6);
  for (guint i = 0; result >= 0 && i < addresses->len; i++)
    result = add_address (certificate, g_ptr_array_index (addresses, i));
  return result;
}

static gint
set_serial (gnutls_x509_crt_t certificate)
{
  guchar serial[SERIAL_BYTES];
  gint result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] &= 0x7f; /* RFC 5280 section 4.1.2.2: positive */
  return result < 0
      ? result
      : gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
}

static gint
set_validity (gnutls_x509_crt_t certificate, gint64 now_s)
{
  gint result =
      gnutls_x509_crt_set_activation_time (certificate, now_s - BACKDATE_S);

  if (result < 0)
    return result;
  return gnutls_x509_crt_set_expiration_time (
      certificate, now_s + (gint64)VALID_DAYS * 24 * 60 * 60 - BACKDATE_S);
}

static gint
set_purpose (gnutls_x509_crt_t certificate)
{
  gint result = gnutls_x509_crt_set_basic_constraints (certificate, 0, -1);

  if (result >= 0)
    result = gnutls_x509_crt_set_key_usage (
        certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_purpose_oid (
        certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
  return result;
}

/* What a certificate says of who shows it. */
typedef struct {
  const gchar *common_name;
  const gchar *hostname; /* NULL: no more than that */
  GPtrArray *addresses;
} Subject;

static gboolean
fill (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
    const Subject *subject, gint64 now_s, GError **error)
{
  const gchar *name = subject->common_name;

  return is_done (
             gnutls_x509_crt_set_version (certificate, 3), "version", error) &&
      is_done (set_serial (certificate), "serial", error) &&
      is_done (set_validity (certificate, now_s), "validity", error) &&
      is_done (gnutls_x509_crt_set_dn_by_oid (certificate,
                   GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)),
          "name", error) &&
      is_done (gnutls_x509_crt_set_key (certificate, key), "key", error);
}

static gboolean
fill_for_server (
    gnutls_x509_crt_t certificate, const Subject *subject, GError **error)
{
  return !subject->hostname ||
      (is_done (set_purpose (certificate), "purpose", error) &&
          is_done (add_alternatives (
                       certificate, subject->hostname, subject->addresses),
              "alternative names", error));
}

static gboolean
finish (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
    gnutls_datum_t *pem, GError **error)
{
  return is_done (gnutls_x509_crt_sign2 (
                      certificate, certificate, key, GNUTLS_DIG_SHA256, 0),
             "signature", error) &&
      is_done (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, pem),
          "certificate", error);
}

static gchar *
certify (
    const gchar *key_pem, const Subject *subject, gint64 now_s, GError **error)
{
  gnutls_x509_privkey_t key = read_key (key_pem);
  gnutls_x509_crt_t certificate = NULL;
  gnutls_datum_t pem = { NULL, 0 };
  gboolean is_made;

  is_made = is_done (key ? 0 : GNUTLS_E_INVALID_REQUEST, "key", error) &&
      is_done (gnutls_x509_crt_init (&certificate), "certificate", error) &&
      fill (certificate, key, subject, now_s, error) &&
      fill_for_server (certificate, subject, error) &&
      finish (certificate, key, &pem, error);
  g_clear_pointer (&certificate, gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  return is_made ? take_text (&pem) : NULL;
}

/**
 * peal_certificate_maker_sign:
 * @key_pem: the private key
 * @hostname: this machine's name
 * @addresses: (element-type GInetAddress): this machine's addresses
 * @now_s: seconds since 1970
 *
 * Returns: (transfer full): a certificate for @hostname, `localhost` and
 *   @addresses, valid for 397 days, as PEM
 */
gchar *
peal_certificate_maker_sign (const gchar *key_pem, const gchar *hostname,
    GPtrArray *addresses, gint64 now_s, GError **error)
{
  const Subject server = { "Peal room server", hostname, addresses };

  return certify (key_pem, &server, now_s, error);
}

/**
 * peal_certificate_maker_new_anonymous:
 * @now_s: seconds since 1970
 *
 * For DTLS, where a certificate is known by its fingerprint alone: it says
 * nothing of who shows it, and nobody has shown it before.
 *
 * Returns: (transfer full): a certificate and its private key, as PEM
 */
gchar *
peal_certificate_maker_new_anonymous (gint64 now_s, GError **error)
{
  const Subject nobody = { .common_name = "WebRTC" };
  g_autofree gchar *key = peal_certificate_maker_new_key (error);
  g_autofree gchar *certificate =
      key ? certify (key, &nobody, now_s, error) : NULL;

  return certificate ? g_strconcat (certificate, key, NULL) : NULL;
}
