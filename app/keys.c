/*
 * Keys on the terminal. While the object lives, the terminal gives each key
 * at once and shows none; freeing it puts everything back. Every way out of a
 * command goes through that: signals end the main loop, they do not kill.
 * Control-C still is SIGINT. Main thread.
 */
#include "app/keys.h"

#include <glib-unix.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define KEY_ESCAPE 0x1b
#define KEY_DELETE 0x7f
#define TEXT_LIMIT_BYTES 4000

struct _PealKeys {
  PealKeyFunc func;
  gpointer data;
  struct termios saved;
  guint source;
  GString *text; /* NULL: keys are keys */
};

static void
tell_text (PealKeys *self, gboolean is_complete)
{
  g_autofree gchar *valid =
      self->text ? g_utf8_make_valid (self->text->str, -1) : NULL;

  self->func (0, valid, is_complete, self->data);
}

static void
end_text (PealKeys *self, gboolean is_complete)
{
  GString *text = g_steal_pointer (&self->text);
  g_autofree gchar *valid =
      is_complete ? g_utf8_make_valid (text->str, -1) : NULL;

  g_string_free (text, TRUE);
  self->func (0, valid, TRUE, self->data);
}

static void
erase_character (GString *text)
{
  const gchar *last = g_utf8_find_prev_char (text->str, text->str + text->len);

  if (last)
    g_string_truncate (text, last - text->str);
}

static void
take_text (PealKeys *self, gchar byte)
{
  if (byte == '\n' || byte == '\r') {
    end_text (self, TRUE);
  } else if (byte == KEY_ESCAPE) {
    end_text (self, FALSE);
  } else {
    if (byte == KEY_DELETE || byte == '\b')
      erase_character (self->text);
    else if ((guchar)byte >= ' ' && self->text->len < TEXT_LIMIT_BYTES)
      g_string_append_c (self->text, byte);
    tell_text (self, FALSE);
  }
}

static gboolean
on_input (gint fd, GIOCondition condition, gpointer data)
{
  PealKeys *self = data;
  gchar bytes[64];
  gssize count = read (fd, bytes, sizeof bytes);

  if (count <= 0) {
    self->source = 0;
    return G_SOURCE_REMOVE;
  }
  for (gssize i = 0; i < count; i++) {
    if (self->text)
      take_text (self, bytes[i]);
    else
      self->func (g_ascii_tolower (bytes[i]), NULL, FALSE, self->data);
  }
  return G_SOURCE_CONTINUE;
}

/**
 * peal_keys_new:
 * @func: called for each key
 * @data: its data
 *
 * Returns: (transfer full) (nullable): NULL when nobody is at a keyboard, or
 *   another program has it
 */
PealKeys *
peal_keys_new (PealKeyFunc func, gpointer data)
{
  struct termios raw = { 0 };
  PealKeys *self = NULL;

  if (!isatty (STDIN_FILENO) || tcgetpgrp (STDIN_FILENO) != getpgrp () ||
      tcgetattr (STDIN_FILENO, &raw) != 0)
    return NULL;
  self = g_new0 (PealKeys, 1);
  self->func = func;
  self->data = data;
  self->saved = raw;
  raw.c_lflag &= ~(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  tcsetattr (STDIN_FILENO, TCSANOW, &raw);
  self->source =
      g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, self);
  return self;
}

/**
 * peal_keys_free:
 * @self: (transfer full): keys; the terminal is as before
 */
void
peal_keys_free (PealKeys *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  tcsetattr (STDIN_FILENO, TCSANOW, &self->saved);
  if (self->text)
    g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * peal_keys_begin_text:
 * @self: keys
 *
 * What is typed from now on is a text, until Enter ends it or Escape gives it
 * up.
 */
void
peal_keys_begin_text (PealKeys *self)
{
  if (self->text)
    return;
  self->text = g_string_new (NULL);
  tell_text (self, FALSE);
}
