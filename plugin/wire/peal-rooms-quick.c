/*
 * Peal rooms, version 1: the messages that members send most, read and written
 * without a tree of JSON. See peal-rooms-private.h. Called by peal-rooms.c and
 * peal-rooms-encode.c, which do whatever is not done here: these functions only
 * take what is plain, and never say what is wrong. Pure; any thread.
 *
 * Plain is: an offer, answer, candidate or renegotiate in ASCII, with no member
 * twice, none that nobody knows, and no escape but those of one letter. What
 * they take must come out the same as by way of the tree: tests/fuzz compares.
 */
#include <string.h>

#include "wire/peal-rooms-private.h"

/* RFC 8259 section 7: how a byte stands behind the backslash, and back. */
static const gchar escaped[] = "\"\\\b\f\n\r\t";
static const gchar letters[] = "\"\\bfnrt";

typedef struct {
  const gchar *at;
  const gchar *end;
} Text;

/* A string as it stands between its quotes. */
typedef struct {
  const gchar *start; /* NULL: not there */
  gsize length;
  gboolean has_escapes;
} Span;

typedef struct {
  Span type;
  Span address;
  Span session;
  Span sdp;
  Span candidate;
  Span mid;
  gint index; /* -1: not there */
  gboolean has_candidate;
} Fields;

typedef gboolean (*ReadMember) (
    Text *text, const Span *name, const gchar *address, Fields *fields);

static gboolean
skip (Text *text, gchar character)
{
  while (text->at < text->end && (*text->at == ' ' || *text->at == '\n'))
    text->at++;
  if (text->at == text->end || *text->at != character)
    return FALSE;
  text->at++;
  return TRUE;
}

static gboolean
skip_word (Text *text, const gchar *word)
{
  gsize length = strlen (word);

  while (text->at < text->end && *text->at == ' ')
    text->at++;
  if ((gsize)(text->end - text->at) < length ||
      memcmp (text->at, word, length) != 0)
    return FALSE;
  text->at += length;
  return TRUE;
}

static gboolean
read_string (Text *text, Span *span)
{
  if (span->start || !skip (text, '"'))
    return FALSE;
  span->start = text->at;
  for (; text->at < text->end; text->at++) {
    guchar byte = *text->at;

    if (byte == '"') {
      span->length = text->at++ - span->start;
      return TRUE;
    }
    if (byte < 0x20 || byte >= 0x7f)
      return FALSE;
    if (byte != '\\')
      continue;
    span->has_escapes = TRUE;
    if (++text->at == text->end || *text->at == '\0' ||
        !strchr (letters, *text->at))
      return FALSE;
  }
  return FALSE;
}

/* Up to four digits, which is more than an index may have. */
static gboolean
read_index (Text *text, gint *index)
{
  gint number = 0;
  guint n_digits = 0;

  if (*index >= 0 || !skip_word (text, ""))
    return FALSE;
  while (text->at < text->end && g_ascii_isdigit (*text->at) && n_digits < 5) {
    number = number * 10 + g_ascii_digit_value (*text->at++);
    n_digits++;
  }
  *index = number;
  return n_digits > 0 && n_digits < 5 &&
      (n_digits == 1 || text->at[-(gint)n_digits] != '0');
}

static gboolean
is (const Span *span, const gchar *word)
{
  return span->length == strlen (word) &&
      memcmp (span->start, word, span->length) == 0;
}

static gboolean
read_object (Text *text, ReadMember read, const gchar *address, Fields *fields)
{
  if (!skip (text, '{'))
    return FALSE;
  do {
    Span name = { NULL };

    if (!read_string (text, &name) || name.has_escapes || !skip (text, ':') ||
        !read (text, &name, address, fields))
      return FALSE;
  } while (skip (text, ','));
  return skip (text, '}');
}

static gboolean
read_candidate_member (
    Text *text, const Span *name, const gchar *address, Fields *fields)
{
  if (is (name, "candidate"))
    return read_string (text, &fields->candidate);
  if (is (name, "sdpMid"))
    return read_string (text, &fields->mid);
  return is (name, "sdpMLineIndex") && read_index (text, &fields->index);
}

static gboolean
read_candidate (Text *text, Fields *fields)
{
  if (fields->has_candidate)
    return FALSE;
  fields->has_candidate = TRUE;
  return skip_word (text, "null") ||
      read_object (text, read_candidate_member, NULL, fields);
}

static gboolean
read_member (Text *text, const Span *name, const gchar *address, Fields *fields)
{
  if (is (name, "type"))
    return read_string (text, &fields->type);
  if (is (name, address))
    return read_string (text, &fields->address);
  if (is (name, "session"))
    return read_string (text, &fields->session);
  if (is (name, "sdp"))
    return read_string (text, &fields->sdp);
  return is (name, "candidate") && read_candidate (text, fields);
}

static gchar *
dup_span (const Span *span)
{
  gchar *copy, *to;

  if (!span->start)
    return NULL;
  copy = to = g_malloc (span->length + 1);
  for (gsize i = 0; i < span->length; i++) {
    if (span->start[i] == '\\')
      *to++ = escaped[strchr (letters, span->start[++i]) - letters];
    else
      *to++ = span->start[i];
  }
  *to = '\0';
  return copy;
}

/* Returns: whether @fields are those of a message of such a kind, no more */
static gboolean
find_kind (const Fields *fields, PealMessageKind *kind)
{
  gboolean is_description =
      is (&fields->type, "offer") || is (&fields->type, "answer");

  if (is_description)
    *kind = fields->type.length == strlen ("offer") ? PEAL_MESSAGE_OFFER
                                                    : PEAL_MESSAGE_ANSWER;
  else if (is (&fields->type, "candidate"))
    *kind = PEAL_MESSAGE_CANDIDATE;
  else if (is (&fields->type, "renegotiate"))
    *kind = PEAL_MESSAGE_RENEGOTIATE;
  else
    return FALSE;
  return is_description == (fields->sdp.length > 0) &&
      (*kind == PEAL_MESSAGE_CANDIDATE) == fields->has_candidate;
}

static gboolean
are_within_limits (const Fields *fields)
{
  return fields->candidate.length <= PEAL_ROOMS_MAX_CANDIDATE_BYTES &&
      fields->mid.length <= PEAL_ROOMS_MAX_MID_BYTES &&
      fields->index <= PEAL_ROOMS_MAX_MLINE_INDEX &&
      fields->address.length <= PEAL_ROOMS_MAX_ID_BYTES &&
      fields->session.length <= PEAL_ROOMS_MAX_SESSION_BYTES &&
      fields->address.start && fields->session.start &&
      !fields->address.has_escapes && !fields->session.has_escapes;
}

/**
 * peal_rooms_decode_quick:
 * @side: who wrote the text
 *
 * Returns: (transfer full) (nullable): the message, as
 *   peal_rooms_decode_tree() would give it; NULL when that has to be asked
 */
PealMessage *
peal_rooms_decode_quick (PealRoomsSide side, const gchar *text, gsize length)
{
  Text left = { text, text + length };
  Fields fields = { .index = -1 };
  g_autoptr (PealMessage) message = NULL;
  PealMessageKind kind;

  if (length > PEAL_ROOMS_MAX_FRAME_BYTES ||
      !read_object (&left, read_member,
          side == PEAL_ROOMS_FROM_SERVER ? "from" : "to", &fields) ||
      left.at != left.end || !find_kind (&fields, &kind) ||
      !are_within_limits (&fields))
    return NULL;
  message = peal_message_new (kind, NULL);
  message->peer_id = dup_span (&fields.address);
  message->session = dup_span (&fields.session);
  message->sdp = dup_span (&fields.sdp);
  message->candidate =
      fields.candidate.length > 0 ? dup_span (&fields.candidate) : NULL;
  message->sdp_mid = dup_span (&fields.mid);
  message->sdp_mline_index = fields.index;
  return peal_rooms_is_valid_id (message->peer_id) &&
          peal_rooms_is_valid_session (message->session)
      ? g_steal_pointer (&message)
      : NULL;
}

/* ---- writing ---- */

/* Returns: FALSE when a character needs more than a letter to be escaped */
static gboolean
add_string (GString *text, const gchar *value)
{
  const gchar *start = value;

  g_string_append_c (text, '"');
  for (; *value; value++) {
    guchar byte = *value;
    const gchar *found;

    if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f)
      continue;
    found = strchr (escaped, byte);
    if (!found)
      return FALSE;
    g_string_append_len (text, start, value - start);
    g_string_append_c (text, '\\');
    g_string_append_c (text, letters[found - escaped]);
    start = value + 1;
  }
  g_string_append_len (text, start, value - start);
  g_string_append_c (text, '"');
  return TRUE;
}

/* @name: with what stands before and behind it */
static gboolean
add_member (GString *text, const gchar *name, const gchar *value)
{
  if (!value)
    return TRUE;
  g_string_append (text, name);
  return add_string (text, value);
}

static gboolean
add_candidate (GString *text, const PealMessage *message)
{
  if (!message->candidate) {
    g_string_append (text, ",\"candidate\":null");
    return TRUE;
  }
  if (!add_member (
          text, ",\"candidate\":{\"candidate\":", message->candidate) ||
      !add_member (text, ",\"sdpMid\":", message->sdp_mid))
    return FALSE;
  if (message->sdp_mline_index >= 0)
    g_string_append_printf (
        text, ",\"sdpMLineIndex\":%d", message->sdp_mline_index);
  g_string_append_c (text, '}');
  return TRUE;
}

static gsize
estimate_bytes (const PealMessage *message)
{
  gsize n_bytes = 256;

  if (message->sdp)
    n_bytes += strlen (message->sdp) + strlen (message->sdp) / 16;
  return n_bytes + (message->candidate ? strlen (message->candidate) : 0);
}

/**
 * peal_rooms_encode_quick:
 *
 * Returns: (transfer full) (nullable): the text, as peal_rooms_encode_tree()
 *   would write it; NULL when that has to be asked
 */
gchar *
peal_rooms_encode_quick (PealRoomsSide side, const PealMessage *message)
{
  g_autoptr (GString) text = NULL;

  if (message->kind < PEAL_MESSAGE_OFFER ||
      message->kind > PEAL_MESSAGE_RENEGOTIATE || !message->peer_id)
    return NULL;
  text = g_string_sized_new (estimate_bytes (message));
  if (!add_member (
          text, "{\"type\":", peal_message_kind_to_string (message->kind)) ||
      !add_member (text,
          side == PEAL_ROOMS_FROM_SERVER ? ",\"from\":" : ",\"to\":",
          message->peer_id) ||
      !add_member (text, ",\"session\":", message->session) ||
      !add_member (text, ",\"replaces\":",
          message->kind <= PEAL_MESSAGE_ANSWER ? message->replaces : NULL) ||
      !add_member (text, ",\"sdp\":",
          message->kind <= PEAL_MESSAGE_ANSWER ? message->sdp : NULL) ||
      (message->kind == PEAL_MESSAGE_CANDIDATE &&
          !add_candidate (text, message)))
    return NULL;
  g_string_append_c (text, '}');
  return g_string_free (g_steal_pointer (&text), FALSE);
}
