/*
 * The sieve in front of libnice: RFC 8839 section 5.1 syntax, UDP, and an IP
 * literal as the address. A host name (also mDNS `.local`) would make a
 * resolver ask the network for a name that a stranger chose. Pure.
 */
#include "session/candidate.h"

#include <gio/gio.h>
#include <string.h>

/* foundation component transport priority address port "typ" type */
enum {
  FIELD_FOUNDATION,
  FIELD_COMPONENT,
  FIELD_TRANSPORT,
  FIELD_PRIORITY,
  FIELD_ADDRESS,
  FIELD_PORT,
  FIELD_TYP,
  FIELD_TYPE,
  N_FIELDS
};

#define MAX_BYTES 512
#define MAX_FIELDS 40

static const gchar *
skip_prefix (const gchar *text)
{
  if (g_str_has_prefix (text, "a="))
    text += 2;
  if (!g_str_has_prefix (text, "candidate:"))
    return NULL;

  return text + strlen ("candidate:");
}

static gboolean
is_number (const gchar *text, guint64 max)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, NULL, NULL);
}

static gboolean
is_known_type (const gchar *type)
{
  static const gchar *const types[] = { "host", "srflx", "prflx", "relay",
    NULL };

  return g_strv_contains (types, type);
}

static const gchar *
find_fault (GStrv fields)
{
  if (g_strv_length (fields) < N_FIELDS)
    return "too few fields";
  if (strlen (fields[FIELD_FOUNDATION]) > 32)
    return "foundation too long";
  if (!is_number (fields[FIELD_COMPONENT], 256))
    return "bad component";
  if (g_ascii_strcasecmp (fields[FIELD_TRANSPORT], "udp") != 0)
    return "not UDP";
  if (!is_number (fields[FIELD_PRIORITY], G_MAXUINT32))
    return "bad priority";
  if (!g_hostname_is_ip_address (fields[FIELD_ADDRESS]))
    return "address is not an IP literal";
  if (!is_number (fields[FIELD_PORT], G_MAXUINT16))
    return "bad port";
  if (strcmp (fields[FIELD_TYP], "typ") != 0 ||
      !is_known_type (fields[FIELD_TYPE]))
    return "bad type";

  return NULL;
}

/**
 * peal_candidate_is_acceptable:
 * @candidate: `candidate:…`, with or without `a=`
 * @reason: (out) (optional): why not, static text
 *
 * Returns: whether @candidate may be given to webrtcbin
 */
gboolean
peal_candidate_is_acceptable (const gchar *candidate, const gchar **reason)
{
  const gchar *body = skip_prefix (candidate);
  const gchar *fault = "not a candidate";
  g_auto (GStrv) fields = NULL;

  if (body && strlen (body) <= MAX_BYTES) {
    fields = g_strsplit (body, " ", MAX_FIELDS);
    fault = find_fault (fields);
  }
  if (fault && reason)
    *reason = fault;

  return fault == NULL;
}
