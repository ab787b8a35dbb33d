/*
 * The contract's backend without a server: a room inside the process.
 */
#include "contract.h"

#include "signalling/loopback-signaller.h"

typedef struct {
  Backend parent;
  PealLoopbackRoom *room;
} LoopbackBackend;

static Backend *
open_room (const BackendClass *klass, const gchar *token, guint max_members)
{
  LoopbackBackend *self = g_new0 (LoopbackBackend, 1);

  self->parent.klass = klass;
  self->room = peal_loopback_room_new (token, max_members);
  return &self->parent;
}

static void
close_room (Backend *backend)
{
  LoopbackBackend *self = (LoopbackBackend *)backend;

  peal_loopback_room_unref (self->room);
  g_free (self);
}

static void
connect_member (
    Backend *backend, Member *member, const PealSignallerConfig *config)
{
  LoopbackBackend *self = (LoopbackBackend *)backend;

  member->signaller = peal_loopback_signaller_new (self->room, config);
}

static void
cut (Backend *backend, Member *member)
{
  LoopbackBackend *self = (LoopbackBackend *)backend;

  peal_loopback_room_cut (self->room, member->id);
}

static void
restart (Backend *backend)
{
  LoopbackBackend *self = (LoopbackBackend *)backend;

  peal_loopback_room_restart (self->room);
}

const BackendClass loopback_backend = {
  .name = "loopback",
  .open = open_room,
  .close = close_room,
  .connect = connect_member,
  .cut = cut,
  .restart = restart,
};
