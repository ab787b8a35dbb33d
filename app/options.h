/*
 * The command line: words in, one plain structure out. Says what is wrong with
 * them, prints nothing and touches nothing: pure. Called by main.c; the
 * commands only ever see the structure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealCommand:
 * @PEAL_COMMAND_NONE: none was named: only --help or --version
 */
typedef enum {
  PEAL_COMMAND_NONE,
  PEAL_COMMAND_SERVE,
  PEAL_COMMAND_CALL,
  PEAL_COMMAND_DEVICES,
  PEAL_COMMAND_DEMO,
} PealCommand;

/* What the process ends with. 75 is EX_TEMPFAIL of sysexits.h. */
#define PEAL_EXIT_OK 0
#define PEAL_EXIT_FAILURE 1
#define PEAL_EXIT_USAGE 2
#define PEAL_EXIT_UNREACHABLE 75

/**
 * PealOptions:
 * @seconds: end by itself after so long; 0: no limit was given
 * @listen: (nullable): where `serve` listens
 * @serve: `call` serves the room too
 * @serve_address: (nullable): where it does
 * @uri: (nullable): whom to call, as `ws://` or `wss://` (or other scheme)
 * @video: (nullable): what was given to --video; NULL: nothing was
 * @audio: (nullable): what was given to --audio; NULL: nothing was
 * @max_members: 0: the server's default
 * @min_bitrate: bit/s, as the next two; 0: the element's default
 *
 * Strings not given are NULL. `stun` and `turn` are never NULL.
 */
typedef struct {
  PealCommand command;
  gboolean help;
  gboolean version;
  gboolean json;
  gint seconds;

  gchar *listen;
  gboolean serve;
  gchar *serve_address;
  gchar *tls;
  gchar *tls_certificate_file;
  gchar *tls_key_file;
  gchar *token_file;
  GStrv stun;
  GStrv turn;
  gchar *turn_secret_file;
  gint max_members;
  gboolean any_origin;
  gboolean qr;

  gchar *uri;
  gchar *room;
  gchar *name;
  gchar *token;
  gchar *video;
  gchar *audio;
  gchar *tls_ca_file;
  gchar *video_codecs;
  gchar *audio_codecs;
  gint min_bitrate;
  gint start_bitrate;
  gint max_bitrate;
  gboolean relay;
  gboolean no_retry;
  gboolean no_display;
  gboolean no_speaker;

  gboolean camera;
} PealOptions;

PealOptions *
peal_options_parse (GStrv arguments, GError **error);
void
peal_options_free (PealOptions *self);
const gchar *
peal_command_to_string (PealCommand command);
PealCommand
peal_command_from_string (const gchar *word);
gchar *
peal_options_uri_from_address (const gchar *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealOptions, peal_options_free)

G_END_DECLS
