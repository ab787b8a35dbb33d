/*
 * PealSignaller: how the session talks to a room, whatever the protocol.
 *
 * Thread: a signaller belongs to the thread-default main context of the thread
 * that made it. Every method is called there and every signal fires there,
 * with no lock held; handlers may call back, and may stop it.
 */
#pragma once

#include <gio/gio.h>

#include "wire/message.h"

G_BEGIN_DECLS

/**
 * PealSignallingState:
 * @PEAL_SIGNALLING_IDLE: not started, or stopped
 * @PEAL_SIGNALLING_CONNECTING: the first connection is under way
 * @PEAL_SIGNALLING_JOINED: in the room
 * @PEAL_SIGNALLING_RECONNECTING: the connection was lost; trying again. Calls
 *   that stand go on
 * @PEAL_SIGNALLING_FAILED: given up: the user must change something
 */
typedef enum {
  PEAL_SIGNALLING_IDLE,
  PEAL_SIGNALLING_CONNECTING,
  PEAL_SIGNALLING_JOINED,
  PEAL_SIGNALLING_RECONNECTING,
  PEAL_SIGNALLING_FAILED,
} PealSignallingState;

#define PEAL_TYPE_SIGNALLING_STATE (peal_signalling_state_get_type ())
GType
peal_signalling_state_get_type (void);
const gchar *
peal_signalling_state_to_string (PealSignallingState state);

/**
 * PealSignallerConfig:
 * @uri: as the user wrote it, e.g. `ws://host:8080/lobby`
 * @room: (nullable): overrides the room in @uri
 * @peer_name: (nullable): the name others see; overrides the uri's `name`
 * @token: (nullable): overrides the uri's `token`; never logged
 * @tls_ca_file: (nullable): PEM file of certificates to trust, in addition to
 *   (and for a self-signed certificate instead of) the system's
 * @meta: (nullable): object that others see with our name
 * @prefers_offering: whether we would rather offer than answer
 * @no_retry: an unreachable server is a failure at once
 */
typedef struct {
  gchar *uri;
  gchar *room;
  gchar *peer_name;
  gchar *token;
  gchar *tls_ca_file;
  JsonNode *meta;
  gboolean prefers_offering;
  gboolean no_retry;
} PealSignallerConfig;

PealSignallerConfig *
peal_signaller_config_new (const gchar *uri);
PealSignallerConfig *
peal_signaller_config_copy (const PealSignallerConfig *self);
void
peal_signaller_config_free (PealSignallerConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealSignallerConfig, peal_signaller_config_free)

#define PEAL_TYPE_SIGNALLER (peal_signaller_get_type ())
G_DECLARE_INTERFACE (PealSignaller, peal_signaller, PEAL, SIGNALLER, GObject)

/**
 * PealSignallerInterface:
 * @start: begin to connect; returns at once, the state tells the rest
 * @stop: leave the room and close; no signal fires afterwards
 * @send: send one message (offer, answer, candidate, renegotiate, text, bye).
 *   While reconnecting, what still makes sense later is kept, up to a bound.
 *
 * Signals:
 * `message` (PealMessage *message): something the other side said: joined
 *   (again after each reconnect; the members then are all there are),
 *   peer-joined, peer-left, offer, answer, candidate, renegotiate, text, bye,
 *   error.
 * `state-changed` (PealSignallingState state, GError *error nullable): once
 *   per change; @error says why for RECONNECTING and FAILED, in words fit for
 *   the user.
 */
struct _PealSignallerInterface {
  GTypeInterface parent;

  void (*start) (PealSignaller *self);
  void (*stop) (PealSignaller *self);
  gboolean (*send) (PealSignaller *self, PealMessage *message, GError **error);
  PealSignallingState (*get_state) (PealSignaller *self);
};

void
peal_signaller_start (PealSignaller *self);
void
peal_signaller_stop (PealSignaller *self);
gboolean
peal_signaller_send (PealSignaller *self, PealMessage *message, GError **error);
PealSignallingState
peal_signaller_get_state (PealSignaller *self);

void
peal_signaller_emit_message (PealSignaller *self, PealMessage *message);
void
peal_signaller_emit_state (
    PealSignaller *self, PealSignallingState state, const GError *error);

G_END_DECLS
