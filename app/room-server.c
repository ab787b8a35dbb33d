/*
 * The room server inside a command: `serve`, `call --serve` and `demo` make
 * and announce theirs here. The server belongs to the main thread's context.
 */
#include "app/room-server.h"

#include <string.h>

#include "app/open-files.h"
#include "app/qr.h"
#include "wire/ice-option.h"

#define DEFAULT_ROOM "lobby"

static GPtrArray *
collect_ice_servers (const PealOptions *options)
{
  GPtrArray *servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_ice_server_free);

  for (guint i = 0; options->stun[i]; i++)
    g_ptr_array_add (servers, peal_ice_option_to_server (options->stun[i]));
  for (guint i = 0; options->turn[i]; i++)
    g_ptr_array_add (servers, peal_ice_option_to_server (options->turn[i]));
  return servers;
}

/**
 * peal_room_server_start:
 * @options: the command line
 * @listen: (nullable): where to listen
 * @error: what the user must change
 *
 * Returns: (transfer full) (nullable): a server that accepts members
 */
PealServer *
peal_room_server_start (
    const PealOptions *options, const gchar *listen, GError **error)
{
  g_autoptr (PealServerOptions) settings = peal_server_options_new ();
  g_autoptr (PealServer) server = NULL;

  settings->listen = g_strdup (listen);
  settings->tls_auto = options->tls != NULL;
  settings->tls_certificate_file = g_strdup (options->tls_certificate_file);
  settings->tls_key_file = g_strdup (options->tls_key_file);
  settings->token_file = g_strdup (options->token_file);
  settings->any_origin = options->any_origin;
  settings->max_members = options->max_members;
  g_clear_pointer (&settings->ice_servers, g_ptr_array_unref);
  settings->ice_servers = collect_ice_servers (options);
  settings->turn_secret_file = g_strdup (options->turn_secret_file);
  server = peal_server_new (settings);
  peal_open_files_raise ();
  if (!peal_server_start (server, error))
    return NULL;
  return g_steal_pointer (&server);
}

/**
 * peal_room_server_get_room:
 * @options: the command line
 *
 * Returns: (transfer none): the room in the addresses that are printed
 */
const gchar *
peal_room_server_get_room (const PealOptions *options)
{
  return options->room ? options->room : DEFAULT_ROOM;
}

static gboolean
is_loopback_url (const gchar *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const gchar *host = uri ? g_uri_get_host (uri) : NULL;

  return !host || g_str_has_prefix (host, "127.") || !strcmp (host, "::1") ||
      !strcmp (host, "localhost");
}

/**
 * peal_room_server_pick_phone_url:
 * @urls: (array zero-terminated=1): the page's addresses
 *
 * Returns: (transfer none) (nullable): the one that another device in the
 *   network can open, else NULL
 */
const gchar *
peal_room_server_pick_phone_url (const gchar *const *urls)
{
  for (guint i = 0; urls[i]; i++)
    if (!is_loopback_url (urls[i]))
      return urls[i];
  return NULL;
}

static void
announce_event (PealServer *server, const gchar *const *urls,
    const gchar *signalling, PealConsole *console)
{
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; urls[i]; i++)
    json_array_add_string_element (list, urls[i]);
  json_object_set_string_member (event, "event", "serving");
  json_object_set_string_member (event, "url", urls[0]);
  json_object_set_array_member (event, "urls", list);
  json_object_set_string_member (event, "signalling", signalling);
  json_object_set_int_member (event, "port", peal_server_get_port (server));
  json_object_set_string_member (
      event, "fingerprint", peal_server_get_fingerprint (server));
  json_object_set_string_member (
      event, "certificate", peal_server_get_certificate_file (server));
  json_node_init_object (node, event);
  peal_console_event (console, node);
}

/* From other machines a program calls the address that a phone opens. */
static void
say_address_for_programs (
    const gchar *const *urls, const gchar *signalling, PealConsole *console)
{
  const gchar *url = peal_room_server_pick_phone_url (urls);
  g_autofree gchar *uri =
      url ? peal_options_uri_from_address (url) : g_strdup (signalling);

  peal_console_say (console, "Programs call it at %s", uri);
}

static void
say_who_can_come (PealServer *server, const gchar *const *urls,
    const PealOptions *options, PealConsole *console)
{
  if (peal_server_is_loopback (server)) {
    peal_console_say (console,
        "Only this computer can reach it. For phones "
        "and others in the network:");
    peal_console_say (console, "  peal %s --tls auto",
        options->command == PEAL_COMMAND_CALL ? "call --serve=0.0.0.0:8443"
                                              : "serve --listen 0.0.0.0:8443");
    return;
  }
  if (!peal_room_server_pick_phone_url (urls))
    peal_console_say (console,
        "This computer is in no network now: others can reach port %u once it "
        "has an address.",
        peal_server_get_port (server));
  if (!peal_server_is_tls (server)) {
    peal_console_say (console,
        "Browsers on other devices give camera and microphone over https "
        "only: add --tls auto.");
  }
}

static void
say_certificate (PealServer *server, PealConsole *console)
{
  const gchar *fingerprint = peal_server_get_fingerprint (server);
  const gchar *file = peal_server_get_certificate_file (server);

  if (fingerprint)
    peal_console_say (
        console, "Certificate fingerprint (SHA-256): %s", fingerprint);
  if (file)
    peal_console_say (console, "Programs trust it with --tls-ca-file %s", file);
}

static void
say_qr_code (
    const gchar *const *urls, const PealOptions *options, PealConsole *console)
{
  const gchar *url = peal_room_server_pick_phone_url (urls);
  g_autofree gchar *text = NULL;

  if (options->qr && !url)
    url = urls[0];
  if (!url || !(options->qr || peal_console_is_terminal (console)))
    return;
  text = peal_qr_to_text (url);
  if (text)
    peal_console_say (console, "%s%s", text, url);
}

/**
 * peal_room_server_announce:
 * @server: a started server
 * @options: the command line
 * @console: where to say it
 *
 * Says where the page is, who can reach it and how a program calls the room.
 */
void
peal_room_server_announce (
    PealServer *server, const PealOptions *options, PealConsole *console)
{
  const gchar *room = peal_room_server_get_room (options);
  g_auto (GStrv) urls = peal_server_dup_page_urls (server, room);
  g_autofree gchar *signalling = peal_server_dup_signalling_uri (server, room);

  if (peal_console_is_json (console)) {
    announce_event (server, (const gchar *const *)urls, signalling, console);
    if (!options->qr)
      return;
  }
  peal_console_say (console, "Open this page in a browser to join the room:");
  for (guint i = 0; urls[i]; i++)
    peal_console_say (console, "  %s", urls[i]);
  say_address_for_programs ((const gchar *const *)urls, signalling, console);
  say_certificate (server, console);
  say_who_can_come (server, (const gchar *const *)urls, options, console);
  say_qr_code ((const gchar *const *)urls, options, console);
}
