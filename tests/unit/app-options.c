/*
 * The command line: what each command takes, and the sentence for each way to
 * get it wrong. The pages of --help fit a screen and name real options.
 */
#include <string.h>

#include "app/help.h"
#include "app/options.h"
#include "base/error.h"

static PealOptions *
parse (const gchar *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  return peal_options_parse (words, error);
}

static void
assert_refused (const gchar *line, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealOptions) options = parse (line, &error);

  g_assert_null (options);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
  if (!strstr (error->message, text))
    g_test_message ("%s: '%s' lacks '%s'", line, error->message, text);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_null (strchr (error->message, '\n'));
}

static void
serve_takes_its_options (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PealOptions) options =
      parse ("peal serve --listen 0.0.0.0:8443 --tls auto --stun stun:a:1 "
             "--stun stun:b:2 --turn turn:u:p@c:3 --max-members 4 --json",
          &error);

  g_assert_no_error (error);
  g_assert_cmpint (options->command, ==, PEAL_COMMAND_SERVE);
  g_assert_cmpstr (options->listen, ==, "0.0.0.0:8443");
  g_assert_cmpstr (options->tls, ==, "auto");
  g_assert_cmpuint (g_strv_length (options->stun), ==, 2);
  g_assert_cmpstr (options->turn[0], ==, "turn:u:p@c:3");
  g_assert_cmpint (options->max_members, ==, 4);
  g_assert_true (options->json);
}

static void
call_serves_with_or_without_an_address (void)
{
  g_autoptr (PealOptions) bare = parse ("peal call --serve --name Anna", NULL);
  g_autoptr (PealOptions) given =
      parse ("peal call --serve 0.0.0.0:8443 --tls auto", NULL);
  g_autoptr (PealOptions) joined = parse ("peal call --serve=:9000", NULL);

  g_assert_true (bare->serve);
  g_assert_null (bare->serve_address);
  g_assert_cmpstr (bare->name, ==, "Anna");
  g_assert_cmpstr (given->serve_address, ==, "0.0.0.0:8443");
  g_assert_cmpstr (joined->serve_address, ==, ":9000");
}

static void
a_page_is_as_good_as_a_signalling_address (void)
{
  const gchar *cases[][2] = {
    { "ws://host:8080/lobby", "ws://host:8080/lobby" },
    { "http://host:8080/lobby", "ws://host:8080/lobby" },
    { "https://host/lobby", "wss://host/lobby" },
    { "host:8080/lobby", "ws://host:8080/lobby" },
    { "whip+https://host/x", "whip+https://host/x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *uri = peal_options_uri_from_address (cases[i][0]);

    g_assert_cmpstr (uri, ==, cases[i][1]);
  }
}

static void
every_wrong_use_gets_one_sentence (void)
{
  const gchar *cases[][2] = {
    { "peal", "say what to do" },
    { "peal sing", "unknown command 'sing'" },
    { "peal --json", "--json" },
    { "peal serve --bogus", "unknown option --bogus" },
    { "peal serve --video test", "--video" },
    { "peal serve here", "what is 'here' for?" },
    { "peal serve --tls mine", "--tls mine" },
    { "peal serve --tls-cert a.pem", "go together" },
    { "peal serve --tls auto --tls-cert a --tls-key b", "exclude" },
    { "peal serve --max-members -1", "--max-members -1: give 1 to 32" },
    { "peal serve --max-members 0", "--max-members 0: give 1 to 32" },
    { "peal serve --max-members 33", "--max-members 33: give 1 to 32" },
    { "peal call ws://a/b --max-members 0", "--max-members 0" },
    { "peal serve --max-members many", "many" },
    { "peal serve --stun turn:a:1", "--stun" },
    { "peal serve --turn http://a", "--turn" },
    { "peal serve --turn turn:host", "--turn-secret-file" },
    { "peal serve --turn turn:bob@host", "USER:PASSWORD" },
    { "peal serve --turn-secret-file f", "needs --turn" },
    { "peal serve --stun stun:host:99999", "stun:HOST:PORT" },
    { "peal serve --stun stun:", "stun:HOST:PORT" },
    { "peal serve --turn turn:bob:50%@host", "%25" },
    { "peal serve --turn turn:bob:a/b@host/c", "%2F" },
    { "peal serve --room a/b", "--room a/b" },
    { "peal call --serve --room a/b", "--room a/b" },
    { "peal call ws://a/b --name a\tb", "--name" },
    { "peal call ws://a/b --name \xff", "--name" },
    { "peal call ws://a/b --token \xff", "--token" },
    { "peal call ws://a/b --turn turn:host", "USER:PASSWORD" },
    { "peal call ws://a/b --turn turn:host --turn-secret-file f", "--serve" },
    { "peal serve --seconds -3", "--seconds -3: give 1 to " },
    { "peal serve --seconds 0", "--seconds 0: give 1 to " },
    { "peal demo --seconds 0", "--seconds 0: give 1 to " },
    { "peal help sing", "help sing: there are serve, call" },
    { "peal help call me", "what is 'me' for?" },
    { "peal serve --listen", "--listen" },
    { "peal call", "whom to call" },
    { "peal call ws://a/b ws://c/d", "what is 'ws://c/d' for?" },
    { "peal call ws://a/b --serve", "either --serve or" },
    { "peal call --serve ws://a/b", "--serve takes an address" },
    { "peal call ws://a/b --tls auto", "need --serve" },
    { "peal call ws://a/b --token x --token-file y", "exclude" },
    { "peal call ws://a/b --min-bitrate 90000 --max-bitrate 80000", "above" },
    { "peal call ws://a/b --max-bitrate 9", "10000 to 100000000" },
    { "peal call ws://a/b --start-bitrate -1", "10000 to 100000000" },
    { "peal call ws://a/b --min-bitrate 0", "10000 to 100000000 bit/s" },
    { "peal call ws://a/b --seconds 1.5", "1.5" },
    { "peal devices --seconds 3", "--seconds" },
    { "peal demo --listen :1", "--listen" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i][0], cases[i][1]);
}

static void
help_wins_over_everything_else (void)
{
  g_autoptr (PealOptions) bare = parse ("peal --help", NULL);
  g_autoptr (PealOptions) call = parse ("peal call --help", NULL);

  g_assert_true (bare->help);
  g_assert_true (call->help);
  g_assert_cmpint (call->command, ==, PEAL_COMMAND_CALL);
}

static void
help_is_a_command_as_well (void)
{
  g_autoptr (PealOptions) bare = parse ("peal help", NULL);
  g_autoptr (PealOptions) call = parse ("peal help call", NULL);

  g_assert_true (bare->help);
  g_assert_cmpint (bare->command, ==, PEAL_COMMAND_NONE);
  g_assert_true (call->help);
  g_assert_cmpint (call->command, ==, PEAL_COMMAND_CALL);
}

static void
numbers_that_were_not_given_are_0 (void)
{
  g_autoptr (PealOptions) call = parse ("peal call ws://a/b", NULL);

  g_assert_cmpint (call->seconds, ==, 0);
  g_assert_cmpint (call->max_members, ==, 0);
  g_assert_cmpint (call->min_bitrate, ==, 0);
  g_assert_cmpint (call->start_bitrate, ==, 0);
  g_assert_cmpint (call->max_bitrate, ==, 0);
}

static void
assert_fits_a_screen (const gchar *page)
{
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);

  /* The last line ends, so that one more empty one comes of the split; one
   * line of the screen is for the prompt. */
  g_assert_cmpuint (g_strv_length (lines) - 1, <=, 23);
  for (guint i = 0; lines[i]; i++)
    g_assert_cmpuint (g_utf8_strlen (lines[i], -1), <=, 80);
}

static void
every_page_of_help_fits_a_screen (void)
{
  for (PealCommand i = PEAL_COMMAND_NONE; i <= PEAL_COMMAND_DEMO; i++)
    assert_fits_a_screen (peal_help_for_command (i));
}

static void
the_help_of_call_names_every_protocol (void)
{
  static const gchar *const schemes[] = { " ws://", " wss://", " relay+ws://",
    " socketio+ws://", " gstwebrtc+ws://", " gstexamples+ws://" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    g_assert_nonnull (
        strstr (peal_help_for_command (PEAL_COMMAND_CALL), schemes[i]));
}

/* An option is known if giving it is not an unknown option. */
static void
assert_known (PealCommand command, const gchar *option)
{
  g_autofree gchar *line =
      g_strdup_printf ("peal %s %s", peal_command_to_string (command), option);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealOptions) options = parse (line, &error);

  if (error)
    g_assert_null (strstr (error->message, "unknown option"));
}

static void
every_option_in_the_help_is_known (void)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("(?<=^  |, )--[a-z-]+", G_REGEX_MULTILINE, 0, NULL);

  for (PealCommand i = PEAL_COMMAND_SERVE; i <= PEAL_COMMAND_DEMO; i++) {
    g_autoptr (GMatchInfo) match = NULL;

    g_regex_match (regex, peal_help_for_command (i), 0, &match);
    for (; g_match_info_matches (match); g_match_info_next (match, NULL)) {
      g_autofree gchar *option = g_match_info_fetch (match, 0);

      assert_known (i, option);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/app/options/serve-takes-its-options", serve_takes_its_options);
  g_test_add_func ("/app/options/call-serves-with-or-without-an-address",
      call_serves_with_or_without_an_address);
  g_test_add_func ("/app/options/a-page-is-as-good-as-a-signalling-address",
      a_page_is_as_good_as_a_signalling_address);
  g_test_add_func ("/app/options/every-wrong-use-gets-one-sentence",
      every_wrong_use_gets_one_sentence);
  g_test_add_func ("/app/options/the-help-of-call-names-every-protocol",
      the_help_of_call_names_every_protocol);
  g_test_add_func ("/app/options/help-wins-over-everything-else",
      help_wins_over_everything_else);
  g_test_add_func (
      "/app/options/help-is-a-command-as-well", help_is_a_command_as_well);
  g_test_add_func ("/app/options/numbers-that-were-not-given-are-0",
      numbers_that_were_not_given_are_0);
  g_test_add_func (
      "/app/help/every-page-fits-a-screen", every_page_of_help_fits_a_screen);
  g_test_add_func ("/app/help/every-option-in-it-is-known",
      every_option_in_the_help_is_known);
  return g_test_run ();
}
