/*
 * Members of a room in stories, and what they have seen. See contract.h.
 */
#include "contract.h"

#include "wait.h"

static void
on_message (PealSignaller *signaller, PealMessage *message, gpointer data)
{
  Member *member = data;

  if (message->kind == PEAL_MESSAGE_JOINED) {
    g_free (member->id);
    member->id = g_strdup (message->peer_id);
  }
  g_ptr_array_add (member->heard, peal_message_ref (message));
}

static void
on_state (PealSignaller *signaller, PealSignallingState state, GError *error,
    gpointer data)
{
  Member *member = data;

  g_assert_cmpint (peal_signaller_get_state (signaller), ==, state);
  g_array_append_val (member->states, state);
  if (error) {
    g_clear_error (&member->error);
    member->error = g_error_copy (error);
  }
}

Member *
make_member (Backend *backend, const gchar *name, const gchar *token,
    gboolean prefers_offering)
{
  g_autoptr (PealSignallerConfig) config = peal_signaller_config_new (NULL);
  Member *member = g_new0 (Member, 1);

  config->room = g_strdup (ROOM);
  config->peer_name = g_strdup (name);
  config->token = g_strdup (token);
  config->prefers_offering = prefers_offering;
  config->meta = json_from_string ("{\"seat\":7}", NULL);
  member->backend = backend;
  member->heard =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  member->states = g_array_new (FALSE, FALSE, sizeof (PealSignallingState));
  backend->klass->connect (backend, member, config);
  g_signal_connect (
      member->signaller, "message", G_CALLBACK (on_message), member);
  g_signal_connect (
      member->signaller, "state-changed", G_CALLBACK (on_state), member);

  return member;
}

void
free_member (Member *member)
{
  peal_signaller_stop (member->signaller);
  g_signal_handlers_disconnect_by_data (member->signaller, member);
  g_object_unref (member->signaller);
  if (member->backend->klass->disconnect)
    member->backend->klass->disconnect (member->backend, member);
  g_ptr_array_unref (member->heard);
  g_array_unref (member->states);
  g_clear_error (&member->error);
  g_free (member->id);
  g_free (member);
}

gboolean
is_in_room (gpointer data)
{
  Member *member = data;

  return peal_signaller_get_state (member->signaller) ==
      PEAL_SIGNALLING_JOINED &&
      member->id;
}

gboolean
is_away (gpointer data)
{
  Member *member = data;

  return peal_signaller_get_state (member->signaller) ==
      PEAL_SIGNALLING_RECONNECTING;
}

gboolean
has_failed (gpointer data)
{
  Member *member = data;

  return peal_signaller_get_state (member->signaller) == PEAL_SIGNALLING_FAILED;
}

PealMessage *
find_heard (Member *member, PealMessageKind kind, guint n)
{
  for (guint i = 0; i < member->heard->len; i++) {
    PealMessage *message = g_ptr_array_index (member->heard, i);

    if (message->kind == kind && n-- == 0)
      return message;
  }

  return NULL;
}

guint
count_heard (Member *member, PealMessageKind kind)
{
  guint n = 0;

  while (find_heard (member, kind, n))
    n++;
  return n;
}

typedef struct {
  Member *member;
  PealMessageKind kind;
  guint n;
} Expectation;

static gboolean
is_heard (gpointer data)
{
  Expectation *expectation = data;

  return count_heard (expectation->member, expectation->kind) >= expectation->n;
}

PealMessage *
hear (Member *member, PealMessageKind kind, guint n)
{
  Expectation expectation = { member, kind, n };

  wait_for (is_heard, &expectation);
  return find_heard (member, kind, n - 1);
}

/* Somebody else whom the member knows of now, or NULL. */
static const PealMember *
find_other (Member *member)
{
  const PealMember *other = NULL;

  for (guint i = 0; i < member->heard->len; i++) {
    PealMessage *message = g_ptr_array_index (member->heard, i);

    if (message->kind == PEAL_MESSAGE_PEER_JOINED)
      other = message->member;
    else if (message->kind == PEAL_MESSAGE_JOINED)
      other = message->members->len == 0
          ? NULL
          : g_ptr_array_index (message->members, 0);
    else if (message->kind == PEAL_MESSAGE_PEER_LEFT && other &&
        g_strcmp0 (message->peer_id, other->id) == 0)
      other = NULL;
  }
  return other;
}

static gboolean
knows_somebody (gpointer data)
{
  return is_in_room (data) && find_other (data) != NULL;
}

/* Somebody else in the room; waits for one. */
const PealMember *
meet (Member *member)
{
  wait_for (knows_somebody, member);
  return find_other (member);
}

Member *
join_as (Fixture *fixture, guint i, const gchar *name, gboolean prefers)
{
  Member *member = make_member (fixture->backend, name, NULL, prefers);

  fixture->member[i] = member;
  peal_signaller_start (member->signaller);
  wait_for (is_in_room, member);
  return member;
}

Member *
join (Fixture *fixture, guint i, const gchar *name)
{
  return join_as (fixture, i, name, FALSE);
}

void
send_message (Member *member, PealMessage *message)
{
  g_autoptr (PealMessage) owned = message;
  g_autoptr (GError) error = NULL;

  peal_signaller_send (member->signaller, owned, &error);
  g_assert_no_error (error);
}

void
say (Member *member, const gchar *to, const gchar *text)
{
  JsonNode *body = json_node_init_string (json_node_alloc (), text);

  send_message (member, peal_message_new_text (to, body));
  json_node_unref (body);
}

const gchar *
text_of (PealMessage *message)
{
  return json_node_get_string (message->body);
}

/* --- a call in outline, in every protocol --- */

gboolean
lacks (Fixture *fixture, Lack lack)
{
  return (fixture->backend->klass->lacks & lack) != 0;
}

/* The one that is told to offers; where nobody is told, Alice does. */
void
choose_roles (Fixture *fixture, Member **offerer, Member **answerer)
{
  Member *alice = fixture->member[0];
  Member *bob = fixture->member[1];
  gboolean bob_offers = !lacks (fixture, LACK_TURNS) && !meet (bob)->offers;

  *offerer = bob_offers ? bob : alice;
  *answerer = bob_offers ? alice : bob;
}

void
send_candidate (
    Member *member, const gchar *session, const gchar *text, gint line)
{
  g_autofree gchar *mid = g_strdup_printf ("%d", line);

  send_message (member,
      peal_message_new_candidate (meet (member)->id, session, text, mid, line));
}

/* One offers, the other answers, each sends a candidate. Returns the offer as
 * the answerer heard it. */
PealMessage *
agree (Fixture *fixture, const gchar *session, const gchar *origin)
{
  g_autofree gchar *sdp =
      g_strdup_printf ("v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\n", origin);
  Member *a, *b;
  guint n_offers, n_answers, n_candidates;
  PealMessage *offer, *candidate;

  choose_roles (fixture, &a, &b);
  n_offers = count_heard (b, PEAL_MESSAGE_OFFER);
  n_answers = count_heard (a, PEAL_MESSAGE_ANSWER);
  n_candidates = count_heard (a, PEAL_MESSAGE_CANDIDATE);
  send_message (a, peal_message_new_offer (meet (a)->id, session, sdp));
  offer = hear (b, PEAL_MESSAGE_OFFER, n_offers + 1);
  g_assert_cmpstr (offer->sdp, ==, sdp);
  g_assert_cmpstr (offer->peer_id, ==, meet (b)->id);
  send_message (b,
      peal_message_new_answer (
          meet (b)->id, offer->session, "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\n"));
  send_candidate (b, offer->session, "candidate:1", 0);
  g_assert_cmpstr (
      hear (a, PEAL_MESSAGE_ANSWER, n_answers + 1)->session, ==, session);
  candidate = hear (a, PEAL_MESSAGE_CANDIDATE, n_candidates + 1);
  g_assert_cmpstr (candidate->session, ==, session);
  g_assert_cmpstr (candidate->candidate, ==, "candidate:1");
  return offer;
}
