/*
 * The command `peal`: reads the command line, starts GStreamer and hands over
 * to the command that was named. Main thread.
 */
#include <gst/gst.h>
#include <libsoup/soup.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/call.h"
#include "app/console.h"
#include "app/demo.h"
#include "app/devices.h"
#include "app/help.h"
#include "app/options.h"
#include "app/serve.h"
#include "element/peal-bin.h"

/* libnice does not tell its version; its GStreamer plugin is part of it. */
static gchar *
dup_libnice_version (void)
{
  g_autoptr (GstPlugin) plugin =
      gst_registry_find_plugin (gst_registry_get (), "nice");

  return g_strdup (plugin ? gst_plugin_get_version (plugin)
                          : "missing (Debian package gstreamer1.0-nice)");
}

static void
print_versions (void)
{
  g_autofree gchar *gstreamer = gst_version_string ();
  g_autofree gchar *libnice = dup_libnice_version ();

  printf ("Peal %s\n%s\nlibnice %s\nlibsoup %u.%u.%u\n", PEAL_VERSION,
      gstreamer, libnice, soup_get_major_version (), soup_get_minor_version (),
      soup_get_micro_version ());
}

/* The element comes from the library that the command links for the server:
 * with the plugin there would be two copies of the same types in the process,
 * which GObject does not allow, and this way the command works before the
 * plugin is installed. Only where GStreamer had to look at plugins inside this
 * process is the plugin's element there already; then that one is used. */
static void
register_element (void)
{
  if (!g_type_from_name ("PealBin"))
    GST_ELEMENT_REGISTER (pealbin, NULL);
}

static gint
run_on (const PealOptions *options, PealConsole *console)
{
  switch (options->command) {
    case PEAL_COMMAND_DEVICES:
      return peal_devices (options, console);
    case PEAL_COMMAND_SERVE:
      return peal_serve (options, console);
    case PEAL_COMMAND_CALL:
      return peal_call (options, console);
    case PEAL_COMMAND_DEMO:
      return peal_demo (options, console);
    case PEAL_COMMAND_NONE:
      break;
  }
  return PEAL_EXIT_USAGE;
}

/* Output that is lost, on a full disk for example, is no success. */
static gint
run_command (const PealOptions *options)
{
  g_autoptr (PealConsole) console = peal_console_new (
      peal_command_to_string (options->command), options->json);
  gint status = run_on (options, console);
  const gchar *fault = peal_console_get_fault (console);

  if (!fault)
    return status;
  peal_console_complain (console, "cannot write standard output: %s", fault);
  return status == PEAL_EXIT_OK ? PEAL_EXIT_FAILURE : status;
}

static gint
complain_about_usage (const gchar *word, const GError *error)
{
  PealCommand command =
      word ? peal_command_from_string (word) : PEAL_COMMAND_NONE;
  const gchar *space = command == PEAL_COMMAND_NONE ? "" : " ";
  const gchar *name = peal_command_to_string (command);

  fprintf (stderr, "peal%s%s: %s\n", space, name, error->message);
  fprintf (stderr, "Try 'peal%s%s --help'.\n", space, name);
  return PEAL_EXIT_USAGE;
}

/* OpenSSL cleans up when a process exits, on the main thread, while threads of
 * GStreamer's pool that made DTLS calls may just be ending and free the same
 * state: once in some hundred runs that was a double free. Everything of ours
 * is freed by now, so the process ends without exit handlers; a build with
 * sanitizers keeps them, since its leak check is one. */
static gint
leave (gint status)
{
  fflush (NULL);
#if !defined(__SANITIZE_ADDRESS__)
  _exit (status);
#endif
  return status;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealOptions) options = NULL;

  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);
  options = peal_options_parse (arguments, &error);
  if (!options)
    return complain_about_usage (argc > 1 ? argv[1] : NULL, error);
  if (options->help) {
    fputs (peal_help_for_command (options->command), stdout);
    return PEAL_EXIT_OK;
  }
  gst_init (NULL, NULL);
  register_element ();
  if (options->version) {
    print_versions ();
    return PEAL_EXIT_OK;
  }
  return leave (run_command (options));
}
