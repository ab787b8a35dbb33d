/*
 * What the commands say. On a terminal the last lines are a status block:
 * anything said goes above it, and the block is drawn again. With JSON,
 * standard output carries nothing but events; sentences go to standard error.
 * Colours on a terminal only, and not when NO_COLOR is set (no-color.org).
 * Main thread.
 */
#include "app/console.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A terminal that does not say how wide it is. */
#define DEFAULT_COLUMNS 80

struct _PealConsole {
  gchar *command;
  gboolean is_json;
  gboolean is_terminal;
  gboolean has_colour;
  GStrv status;
  gint fault; /* errno of the first write that failed; 0: none */
};

static const gchar *const tone_codes[] = {
  [PEAL_TONE_PLAIN] = "",
  [PEAL_TONE_GOOD] = "\033[32m",
  [PEAL_TONE_BAD] = "\033[31m",
  [PEAL_TONE_FAINT] = "\033[2m",
  [PEAL_TONE_STRONG] = "\033[1m",
};

static gboolean
has_colour (void)
{
  const gchar *no_color = g_getenv ("NO_COLOR");

  return !(no_color && no_color[0]) &&
      g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

static guint
count_columns (void)
{
  struct winsize size = { 0 };

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

static void
erase_status (PealConsole *self)
{
  for (guint i = 0; self->status && self->status[i]; i++)
    fputs ("\033[A\033[2K", stdout);
}

static void
draw_status (PealConsole *self)
{
  guint columns = count_columns ();

  for (guint i = 0; self->status && self->status[i]; i++) {
    g_autofree gchar *line = g_utf8_strlen (self->status[i], -1) >= columns
        ? g_utf8_substring (self->status[i], 0, columns - 1)
        : g_strdup (self->status[i]);

    fprintf (stdout, "%s\n", line);
  }
}

static void
flush (PealConsole *self)
{
  if (fflush (stdout) != 0 && self->fault == 0)
    self->fault = errno;
}

static void
print_line (PealConsole *self, FILE *stream, const gchar *line)
{
  gboolean has_status = self->is_terminal && !self->is_json;

  if (has_status)
    erase_status (self);
  fprintf (stream, "%s\n", line);
  if (stream != stdout)
    fflush (stream);
  if (has_status)
    draw_status (self);
  flush (self);
}

/**
 * peal_console_new:
 * @command: the command's name, before complaints
 * @is_json: events as JSON lines on standard output
 *
 * Returns: (transfer full): a console
 */
PealConsole *
peal_console_new (const gchar *command, gboolean is_json)
{
  PealConsole *self = g_new0 (PealConsole, 1);

  self->command = g_strdup (command);
  self->is_json = is_json;
  self->is_terminal = isatty (STDOUT_FILENO);
  self->has_colour = self->is_terminal && has_colour ();
  return self;
}

/**
 * peal_console_free:
 * @self: (transfer full): a console
 */
void
peal_console_free (PealConsole *self)
{
  g_strfreev (self->status);
  g_free (self->command);
  g_free (self);
}

/**
 * peal_console_is_json:
 * @self: a console
 *
 * Returns: whether standard output carries JSON lines
 */
gboolean
peal_console_is_json (PealConsole *self)
{
  return self->is_json;
}

/**
 * peal_console_is_terminal:
 * @self: a console
 *
 * Returns: whether somebody watches: a terminal, and no JSON
 */
gboolean
peal_console_is_terminal (PealConsole *self)
{
  return self->is_terminal && !self->is_json;
}

/**
 * peal_console_paint:
 * @self: a console
 * @tone: how the text is meant
 * @text: the text
 *
 * Returns: (transfer full): @text, in colour if the terminal has colours
 */
gchar *
peal_console_paint (PealConsole *self, PealTone tone, const gchar *text)
{
  if (!self->has_colour || self->is_json || tone == PEAL_TONE_PLAIN)
    return g_strdup (text);
  return g_strdup_printf ("%s%s\033[0m", tone_codes[tone], text);
}

/**
 * peal_console_say:
 * @self: a console
 * @format: a sentence
 *
 * Prints one line (to standard error when standard output carries JSON).
 */
void
peal_console_say (PealConsole *self, const gchar *format, ...)
{
  g_autofree gchar *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_line (self, self->is_json ? stderr : stdout, line);
}

/**
 * peal_console_complain:
 * @self: a console
 * @format: what is wrong, in one sentence
 *
 * Prints `peal COMMAND: …` to standard error.
 */
void
peal_console_complain (PealConsole *self, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line = g_strdup_printf ("peal %s: %s", self->command, text);
  print_line (self, stderr, line);
}

/**
 * peal_console_event:
 * @self: a console
 * @event: (transfer none): an object with a member `event`
 *
 * Prints the event as a line if events are wanted.
 */
void
peal_console_event (PealConsole *self, JsonNode *event)
{
  g_autofree gchar *line = NULL;

  if (!self->is_json)
    return;
  line = json_to_string (event, FALSE);
  print_line (self, stdout, line);
}

/**
 * peal_console_set_status:
 * @self: a console
 * @lines: (nullable) (array zero-terminated=1): the new status block
 *
 * Draws the status block in place. Does nothing unless on a terminal.
 */
void
peal_console_set_status (PealConsole *self, const gchar *const *lines)
{
  if (!peal_console_is_terminal (self))
    return;
  erase_status (self);
  g_strfreev (self->status);
  self->status = g_strdupv ((GStrv)lines);
  draw_status (self);
  flush (self);
}

/**
 * peal_console_is_broken:
 * @self: a console
 *
 * Returns: whether standard output can no longer be written to: the reader
 *   of the pipe has gone, or the disk is full, and so should we
 */
gboolean
peal_console_is_broken (PealConsole *self)
{
  return self->fault != 0;
}

/**
 * peal_console_get_fault:
 * @self: a console
 *
 * Returns: (transfer none) (nullable): why standard output could not be
 *   written to; a reader that has gone has read what it wanted
 */
const gchar *
peal_console_get_fault (PealConsole *self)
{
  return self->fault == 0 || self->fault == EPIPE ? NULL
                                                  : g_strerror (self->fault);
}
