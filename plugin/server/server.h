/*
 * The room server: Peal rooms v1 and other people's protocols, the web page,
 * health and metrics, on one port. Serves `peal serve` and the element's
 * `serve`.
 *
 * Thread: belongs to the thread-default main context of the thread that calls
 * peal_server_start; every method is called there and every signal fires
 * there, with no lock held; handlers may call back, but not stop the server.
 *
 * Signals: `member-joined` and `member-left` (room, id, name nullable),
 * `warning` (text).
 */
#pragma once

#include <gio/gio.h>

#include "wire/message.h"

G_BEGIN_DECLS

/* chosen: so that `joined` of a full room fits into one frame, whatever the
 * members' names and meta are. */
#define PEAL_SERVER_MOST_MEMBERS 32

/**
 * PealServerOptions:
 * @listen: (nullable): `ADDRESS:PORT`, `[V6]:PORT`, `:PORT` or `PORT`. NULL is
 *   `127.0.0.1:8080`; without an address, loopback; port 0 picks a free one
 * @tls_certificate_file: (nullable): PEM certificate chain; needs the key
 * @tls_key_file: (nullable): PEM private key
 * @tls_auto: make a self-signed certificate once, keep it and use it
 * @tls_directory: (nullable): where @tls_auto keeps it; NULL is
 *   `$XDG_STATE_HOME/peal` (or `$STATE_DIRECTORY` under systemd)
 * @token: (nullable): rooms need this token; never logged
 * @token_file: (nullable): rooms need the token on this file's first line
 * @ice_servers: (nullable) (element-type PealIceServer): handed out to members
 * @turn_secret_file: (nullable): file whose first line is the secret that the
 *   TURN servers of @ice_servers without a user know; each member gets
 *   credentials of its own for them, made from it
 * @max_members: members in one room at most, up to
 *   PEAL_SERVER_MOST_MEMBERS; 0 is the default, 16
 * @max_rooms: rooms at most; 0 is the default, 1000
 * @any_origin: let pages of other web sites join rooms that need no token.
 *   Normally they may not: a page that somebody happens to read could
 *   otherwise enter the rooms of a server on their machine or network. With a
 *   token they may, since they need it like everybody. A proxy in front that
 *   changes the Host header needs this
 */
typedef struct {
  gchar *listen;
  gchar *tls_certificate_file;
  gchar *tls_key_file;
  gboolean tls_auto;
  gchar *tls_directory;
  gchar *token;
  gchar *token_file;
  GPtrArray *ice_servers;
  gchar *turn_secret_file;
  guint max_members;
  guint max_rooms;
  gboolean any_origin;
} PealServerOptions;

PealServerOptions *
peal_server_options_new (void);
PealServerOptions *
peal_server_options_copy (const PealServerOptions *self);
void
peal_server_options_free (PealServerOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealServerOptions, peal_server_options_free)

#define PEAL_TYPE_SERVER (peal_server_get_type ())
G_DECLARE_FINAL_TYPE (PealServer, peal_server, PEAL, SERVER, GObject)

PealServer *
peal_server_new (const PealServerOptions *options);
gboolean
peal_server_start (PealServer *self, GError **error);
void
peal_server_stop (PealServer *self);
guint
peal_server_get_port (PealServer *self);
gboolean
peal_server_is_tls (PealServer *self);
gboolean
peal_server_is_loopback (PealServer *self);
const gchar *
peal_server_get_fingerprint (PealServer *self);
const gchar *
peal_server_get_certificate_file (PealServer *self);
GStrv
peal_server_dup_page_urls (PealServer *self, const gchar *room);
gchar *
peal_server_dup_signalling_uri (PealServer *self, const gchar *room);

G_END_DECLS
