/*
 * The pads remote_video_%u and remote_audio_%u. See remote-pad.h. Made by
 * outputs; its two properties never change.
 */
#include "element/remote-pad.h"

struct _PealRemotePad {
  GstGhostPad parent;

  gchar *peer_id;
  gchar *peer_name;
};

enum { PROP_PEER_ID = 1, PROP_PEER_NAME };

G_DEFINE_FINAL_TYPE (PealRemotePad, peal_remote_pad, GST_TYPE_GHOST_PAD)

static void
peal_remote_pad_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PealRemotePad *self = PEAL_REMOTE_PAD (object);

  if (id == PROP_PEER_ID)
    g_value_set_string (value, self->peer_id);
  else if (id == PROP_PEER_NAME)
    g_value_set_string (value, self->peer_name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
peal_remote_pad_finalize (GObject *object)
{
  PealRemotePad *self = PEAL_REMOTE_PAD (object);

  g_free (self->peer_id);
  g_free (self->peer_name);

  G_OBJECT_CLASS (peal_remote_pad_parent_class)->finalize (object);
}

static void
peal_remote_pad_class_init (PealRemotePadClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = peal_remote_pad_get_property;
  object_class->finalize = peal_remote_pad_finalize;

  g_object_class_install_property (object_class, PROP_PEER_ID,
      g_param_spec_string ("peer-id", "peer-id",
          "Id in the room of the member whose media this is", NULL, flags));
  g_object_class_install_property (object_class, PROP_PEER_NAME,
      g_param_spec_string ("peer-name", "peer-name",
          "Name of the member whose media this is", NULL, flags));
}

static void
peal_remote_pad_init (PealRemotePad *self)
{
}

/**
 * peal_remote_pad_new:
 * @target: the remote track's pad
 *
 * Returns: (transfer floating): an active ghost pad
 */
GstPad *
peal_remote_pad_new (const gchar *name, GstPadTemplate *template,
    GstPad *target, const gchar *peer_id, const gchar *peer_name)
{
  PealRemotePad *self = g_object_new (PEAL_TYPE_REMOTE_PAD, "name", name,
      "direction", GST_PAD_SRC, "template", template, NULL);

  self->peer_id = g_strdup (peer_id);
  self->peer_name = g_strdup (peer_name);
  gst_ghost_pad_set_target (GST_GHOST_PAD (self), target);
  gst_pad_set_active (GST_PAD (self), TRUE);

  return GST_PAD (self);
}
