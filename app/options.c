/*
 * The command line: words in, one plain structure out. Each command has the
 * option tables that apply to it; after parsing, one check per command finds
 * what the tables cannot say. Pure. The text of --help stands in help.c, and
 * a unit test keeps the two together.
 */
#include "app/options.h"

#include <string.h>

#include "base/error.h"
#include "server/server.h"
#include "wire/ice-option.h"
#include "wire/peal-rooms.h"

#define LEAST_BITRATE 10000 /* the element's own limits, in bit/s */
#define MOST_BITRATE 100000000
#define MOST_SECONDS 31622400 /* chosen: a year */
#define NOT_GIVEN G_MININT    /* so that 0 is a number like others */

static const gchar *const command_names[] = {
  [PEAL_COMMAND_NONE] = "",
  [PEAL_COMMAND_SERVE] = "serve",
  [PEAL_COMMAND_CALL] = "call",
  [PEAL_COMMAND_DEVICES] = "devices",
  [PEAL_COMMAND_DEMO] = "demo",
};

typedef struct {
  const gchar *name;
  gsize offset; /* of a gint in PealOptions */
  gint least;
  gint most;
  const gchar *unit;
} NumberOption;

static const NumberOption number_options[] = {
  { "seconds", G_STRUCT_OFFSET (PealOptions, seconds), 1, MOST_SECONDS, "" },
  { "max-members", G_STRUCT_OFFSET (PealOptions, max_members), 1,
      PEAL_SERVER_MOST_MEMBERS, "" },
  { "min-bitrate", G_STRUCT_OFFSET (PealOptions, min_bitrate), LEAST_BITRATE,
      MOST_BITRATE, " bit/s" },
  { "start-bitrate", G_STRUCT_OFFSET (PealOptions, start_bitrate),
      LEAST_BITRATE, MOST_BITRATE, " bit/s" },
  { "max-bitrate", G_STRUCT_OFFSET (PealOptions, max_bitrate), LEAST_BITRATE,
      MOST_BITRATE, " bit/s" },
};

static gint *
number_of (PealOptions *self, const NumberOption *option)
{
  return G_STRUCT_MEMBER_P (self, option->offset);
}

static gboolean
refuse (GError **error, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error)
    *error =
        g_error_new_valist (PEAL_ERROR, PEAL_ERROR_USAGE, format, arguments);
  va_end (arguments);
  return FALSE;
}

static void
add_common (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_output (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_duration (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_INT, &self->seconds },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_server (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "tls", 0, 0, G_OPTION_ARG_STRING, &self->tls },
    { "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_certificate_file },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_key_file },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &self->token_file },
    { "stun", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->stun },
    { "turn", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->turn },
    { "turn-secret-file", 0, 0, G_OPTION_ARG_FILENAME,
        &self->turn_secret_file },
    { "max-members", 0, 0, G_OPTION_ARG_INT, &self->max_members },
    { "room", 0, 0, G_OPTION_ARG_STRING, &self->room },
    { "qr", 0, 0, G_OPTION_ARG_NONE, &self->qr },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_listen (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &self->listen },
    { "any-origin", 0, 0, G_OPTION_ARG_NONE, &self->any_origin },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static gboolean
on_serve_option (
    const gchar *option_name, const gchar *value, gpointer data, GError **error)
{
  PealOptions *self = data;

  self->serve = TRUE;
  g_free (self->serve_address);
  self->serve_address = g_strdup (value);
  return TRUE;
}

/* FILENAME: bytes as they are. STRING would refuse what is not ASCII wherever
 * no locale is set, as in a service or a container. */
static void
add_call (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "serve", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
        on_serve_option },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &self->name },
    { "token", 0, 0, G_OPTION_ARG_FILENAME, &self->token },
    { "video", 0, 0, G_OPTION_ARG_FILENAME, &self->video },
    { "audio", 0, 0, G_OPTION_ARG_FILENAME, &self->audio },
    { "tls-ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_ca_file },
    { "video-codecs", 0, 0, G_OPTION_ARG_STRING, &self->video_codecs },
    { "audio-codecs", 0, 0, G_OPTION_ARG_STRING, &self->audio_codecs },
    { "min-bitrate", 0, 0, G_OPTION_ARG_INT, &self->min_bitrate },
    { "start-bitrate", 0, 0, G_OPTION_ARG_INT, &self->start_bitrate },
    { "max-bitrate", 0, 0, G_OPTION_ARG_INT, &self->max_bitrate },
    { "relay", 0, 0, G_OPTION_ARG_NONE, &self->relay },
    { "no-retry", 0, 0, G_OPTION_ARG_NONE, &self->no_retry },
    { "no-display", 0, 0, G_OPTION_ARG_NONE, &self->no_display },
    { "no-speaker", 0, 0, G_OPTION_ARG_NONE, &self->no_speaker },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_demo (PealOptions *self, GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "camera", 0, 0, G_OPTION_ARG_NONE, &self->camera },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static GOptionContext *
make_context (PealOptions *self)
{
  GOptionContext *context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("peal", "", "", self, NULL);

  add_common (self, group);
  if (self->command != PEAL_COMMAND_NONE)
    add_output (self, group);
  if (self->command > PEAL_COMMAND_NONE &&
      self->command != PEAL_COMMAND_DEVICES)
    add_duration (self, group);
  if (self->command == PEAL_COMMAND_SERVE)
    add_listen (self, group);
  if (self->command == PEAL_COMMAND_SERVE || self->command == PEAL_COMMAND_CALL)
    add_server (self, group);
  if (self->command == PEAL_COMMAND_CALL)
    add_call (self, group);
  if (self->command == PEAL_COMMAND_DEMO)
    add_demo (self, group);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_main_group (context, group);
  return context;
}

/*
 * People paste the page's address: `https://host/room` is `wss://host/room`,
 * and an address without a scheme is a `ws://` one.
 */
/**
 * peal_options_uri_from_address:
 * @address: what the user wrote: a signalling URI, the address of a page, or
 *   `HOST[:PORT]/ROOM`
 *
 * Returns: (transfer full): the URI for the element
 */
gchar *
peal_options_uri_from_address (const gchar *address)
{
  if (g_str_has_prefix (address, "http://"))
    return g_strconcat ("ws://", address + strlen ("http://"), NULL);
  if (g_str_has_prefix (address, "https://"))
    return g_strconcat ("wss://", address + strlen ("https://"), NULL);
  if (!strstr (address, "://"))
    return g_strconcat ("ws://", address, NULL);
  return g_strdup (address);
}

/* The address is not repeated: it may hold half of somebody's password. */
static gboolean
check_ice_addresses (PealOptions *self, GError **error)
{
  for (guint i = 0; self->stun[i]; i++)
    if (!peal_ice_option_is_valid (self->stun[i]))
      return refuse (error, "--stun %s: write stun:HOST:PORT", self->stun[i]);
  for (guint i = 0; self->turn[i]; i++)
    if (!peal_ice_option_is_valid (self->turn[i]))
      return refuse (error,
          "--turn: write turn:USER:PASSWORD@HOST:PORT, with %%25 for %% and "
          "%%2F for / in user and password");
  return TRUE;
}

static gboolean
check_ice_urls (
    GStrv urls, const gchar *option, const gchar *schemes[], GError **error)
{
  for (guint i = 0; urls[i]; i++) {
    gboolean is_known = FALSE;

    for (guint j = 0; schemes[j]; j++)
      is_known |= g_str_has_prefix (urls[i], schemes[j]);
    if (!is_known)
      return refuse (error, "%s %s: an address starts with %s", option, urls[i],
          schemes[0]);
  }
  return TRUE;
}

static gboolean
check_turn_users (PealOptions *self, GError **error)
{
  for (guint i = 0; self->turn[i]; i++) {
    g_autoptr (PealIceServer) server =
        peal_ice_option_to_server (self->turn[i]);

    if (!server->username == !server->credential &&
        (server->username || self->turn_secret_file))
      continue;
    return refuse (error, "--turn: give USER:PASSWORD@ before the host%s",
        self->command == PEAL_COMMAND_SERVE || self->serve
            ? ", or the server's secret with --turn-secret-file"
            : "");
  }
  if (self->turn_secret_file && !self->turn[0])
    return refuse (error, "--turn-secret-file needs --turn");
  return TRUE;
}

static gboolean
check_server (PealOptions *self, GError **error)
{
  const gchar *stun[] = { "stun:", "stuns:", NULL };
  const gchar *turn[] = { "turn:", "turns:", NULL };

  if (self->tls && strcmp (self->tls, "auto") != 0)
    return refuse (error,
        "--tls %s: only 'auto' is known; a certificate of your own goes to "
        "--tls-cert and --tls-key",
        self->tls);
  if (!self->tls_certificate_file != !self->tls_key_file)
    return refuse (error, "--tls-cert and --tls-key go together");
  if (self->tls && self->tls_certificate_file)
    return refuse (error, "--tls auto and --tls-cert exclude each other");
  if ((self->command == PEAL_COMMAND_SERVE || self->serve) && self->room &&
      !peal_rooms_is_valid_room (self->room))
    return refuse (
        error, "--room %s: a room's name is " PEAL_ROOMS_ROOM_RULE, self->room);
  return check_ice_urls (self->stun, "--stun", stun, error) &&
      check_ice_urls (self->turn, "--turn", turn, error) &&
      check_ice_addresses (self, error) && check_turn_users (self, error);
}

static gboolean
check_bitrates (PealOptions *self, GError **error)
{
  if (self->max_bitrate && self->min_bitrate > self->max_bitrate)
    return refuse (error, "--min-bitrate %d is above --max-bitrate %d",
        self->min_bitrate, self->max_bitrate);
  return TRUE;
}

static gboolean
check_call_server_options (PealOptions *self, GError **error)
{
  if (self->serve)
    return TRUE;
  if (self->tls || self->tls_certificate_file)
    return refuse (error, "--tls, --tls-cert and --tls-key need --serve");
  if (self->max_members)
    return refuse (error, "--max-members needs --serve");
  if (self->qr)
    return refuse (error, "--qr needs --serve");
  if (self->turn_secret_file)
    return refuse (error, "--turn-secret-file needs --serve");
  return TRUE;
}

static gboolean
check_call (PealOptions *self, GError **error)
{
  if (self->serve_address && strstr (self->serve_address, "://"))
    return refuse (error,
        "--serve %s: --serve takes an address to listen on, such as "
        "0.0.0.0:8443; give either it or a room to call",
        self->serve_address);
  if (self->serve && self->uri)
    return refuse (error, "give either --serve or an address to call");
  if (!self->serve && !self->uri)
    return refuse (error,
        "whom to call? Give an address such as ws://host:8080/lobby, "
        "or --serve");
  if (self->name && self->name[0] && !peal_rooms_is_valid_name (self->name))
    return refuse (error,
        "--name: give at most 128 bytes of UTF-8 without control characters");
  if (self->token && !g_utf8_validate (self->token, -1, NULL))
    return refuse (error, "--token: give UTF-8");
  if (self->token && self->token_file)
    return refuse (error, "--token and --token-file exclude each other");
  return check_call_server_options (self, error) &&
      check_bitrates (self, error) && check_server (self, error);
}

static gboolean
take_positional (PealOptions *self, GStrv words, GError **error)
{
  guint count = g_strv_length (words);
  guint allowed = self->command == PEAL_COMMAND_CALL ? 1 : 0;

  if (count > allowed)
    return refuse (error, "what is '%s' for?", words[allowed]);
  if (count == 1)
    self->uri = peal_options_uri_from_address (words[0]);
  return TRUE;
}

/* What was not given is 0 from here on. */
static gboolean
take_number (gint *value, const NumberOption *option, GError **error)
{
  if (*value == NOT_GIVEN)
    *value = 0;
  else if (*value < option->least || *value > option->most)
    return refuse (error, "--%s %d: give %d to %d%s", option->name, *value,
        option->least, option->most, option->unit);
  return TRUE;
}

static gboolean
take_numbers (PealOptions *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (number_options); i++)
    if (!take_number (
            number_of (self, &number_options[i]), &number_options[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
check (PealOptions *self, GError **error)
{
  if (!take_numbers (self, error))
    return FALSE;
  if (self->command == PEAL_COMMAND_SERVE)
    return check_server (self, error);
  if (self->command == PEAL_COMMAND_CALL)
    return check_call (self, error);
  return TRUE;
}

/* `peal help` and `peal help call` are the --help of nothing and of `call`. */
static gboolean
take_help (PealOptions *self, gchar **words, GError **error)
{
  self->help = TRUE;
  if (words[0])
    self->command = peal_command_from_string (words[0]);
  if (words[0] && self->command == PEAL_COMMAND_NONE)
    return refuse (
        error, "help %s: there are serve, call, devices and demo", words[0]);
  if (words[0] && words[1])
    return refuse (error, "what is '%s' for?", words[1]);
  return TRUE;
}

static gboolean
take_command (PealOptions *self, const gchar *word, GError **error)
{
  self->command = peal_command_from_string (word);
  if (self->command == PEAL_COMMAND_NONE)
    return refuse (error,
        "unknown command '%s': there are serve, call, devices and demo", word);
  return TRUE;
}

/* GLib's messages start with a capital; ours follow "peal call: ". */
static gboolean
parse_words (PealOptions *self, gchar ***words, GError **error)
{
  g_autoptr (GOptionContext) context = make_context (self);
  g_autoptr (GError) fault = NULL;

  if (!g_option_context_parse_strv (context, words, &fault)) {
    fault->message[0] = g_ascii_tolower (fault->message[0]);
    return refuse (error, "%s", fault->message);
  }
  return TRUE;
}

/* A command's tables leave out numbers: those stay as they are here. */
static PealOptions *
new_options (void)
{
  PealOptions *self = g_new0 (PealOptions, 1);

  for (guint i = 0; i < G_N_ELEMENTS (number_options); i++)
    *number_of (self, &number_options[i]) = NOT_GIVEN;
  return self;
}

static void
fill_gaps (PealOptions *self)
{
  if (!self->stun)
    self->stun = g_new0 (gchar *, 1);
  if (!self->turn)
    self->turn = g_new0 (gchar *, 1);
}

static gboolean
parse (PealOptions *self, GStrv arguments, GError **error)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint first = 1;

  if (arguments[0] && g_strcmp0 (arguments[1], "help") == 0)
    return take_help (self, arguments + 2, error);
  if (arguments[0] && arguments[1] && arguments[1][0] != '-') {
    if (!take_command (self, arguments[1], error))
      return FALSE;
    first = 2;
  }
  g_strv_builder_add (builder, "peal");
  for (guint i = first; arguments[0] && arguments[i]; i++)
    g_strv_builder_add (builder, arguments[i]);
  words = g_strv_builder_end (builder);
  if (!parse_words (self, &words, error))
    return FALSE;
  fill_gaps (self);
  if (self->help || self->version)
    return TRUE;
  if (self->command == PEAL_COMMAND_NONE)
    return refuse (error, "say what to do: serve, call, devices or demo");
  return take_positional (self, words + 1, error) && check (self, error);
}

/**
 * peal_options_parse:
 * @arguments: the words of the command line, the program's name first
 * @error: set to %PEAL_ERROR_USAGE with one sentence
 *
 * Reads a command line. With --help or --version nothing else is checked.
 *
 * Returns: (transfer full) (nullable): the options, or NULL
 */
PealOptions *
peal_options_parse (GStrv arguments, GError **error)
{
  g_autoptr (PealOptions) self = new_options ();

  if (!parse (self, arguments, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * peal_command_to_string:
 * @command: a command
 *
 * Returns: (transfer none): its name; empty for %PEAL_COMMAND_NONE
 */
const gchar *
peal_command_to_string (PealCommand command)
{
  return command_names[command];
}

/**
 * peal_command_from_string:
 * @word: a word of the command line
 *
 * Returns: the command of that name, or %PEAL_COMMAND_NONE
 */
PealCommand
peal_command_from_string (const gchar *word)
{
  for (guint i = PEAL_COMMAND_SERVE; i < G_N_ELEMENTS (command_names); i++)
    if (strcmp (word, command_names[i]) == 0)
      return i;
  return PEAL_COMMAND_NONE;
}

/**
 * peal_options_free:
 * @self: (transfer full): options
 */
void
peal_options_free (PealOptions *self)
{
  g_free (self->listen);
  g_free (self->serve_address);
  g_free (self->tls);
  g_free (self->tls_certificate_file);
  g_free (self->tls_key_file);
  g_free (self->token_file);
  g_strfreev (self->stun);
  g_strfreev (self->turn);
  g_free (self->turn_secret_file);
  g_free (self->uri);
  g_free (self->room);
  g_free (self->name);
  g_free (self->token);
  g_free (self->video);
  g_free (self->audio);
  g_free (self->tls_ca_file);
  g_free (self->video_codecs);
  g_free (self->audio_codecs);
  g_free (self);
}
