/*
 * What this machine can capture with and play on. GStreamer's device monitor
 * knows cameras and sound; a screen is an X display. Names are made unique
 * here, because two equal webcams have equal names. The naming is pure.
 */
#include "app/device-list.h"

#include <string.h>

#include "app/screen.h"

static const gchar *const kind_names[] = {
  [PEAL_DEVICE_CAMERA] = "camera",
  [PEAL_DEVICE_SCREEN] = "screen",
  [PEAL_DEVICE_MICROPHONE] = "microphone",
  [PEAL_DEVICE_MONITOR] = "monitor",
  [PEAL_DEVICE_SPEAKER] = "speaker",
};

/**
 * peal_device_new:
 * @kind: what it is
 * @name: its name
 * @path: (nullable): its device file
 *
 * Returns: (transfer full): a device without a #GstDevice
 */
PealDevice *
peal_device_new (PealDeviceKind kind, const gchar *name, const gchar *path)
{
  PealDevice *self = g_new0 (PealDevice, 1);

  self->kind = kind;
  self->name = g_strdup (name);
  self->path = g_strdup (path);
  return self;
}

/**
 * peal_device_free:
 * @self: (transfer full): a device
 */
void
peal_device_free (PealDevice *self)
{
  g_free (self->name);
  g_free (self->path);
  g_free (self->detail);
  g_clear_object (&self->gst_device);
  g_free (self);
}

/**
 * peal_device_kind_to_string:
 * @kind: a kind
 *
 * Returns: (transfer none): its name
 */
const gchar *
peal_device_kind_to_string (PealDeviceKind kind)
{
  return kind_names[kind];
}

static gchar *
dup_path (const GstStructure *properties)
{
  static const gchar *const fields[] = { "device.path", "api.v4l2.path", NULL };

  for (guint i = 0; properties && fields[i]; i++)
    if (gst_structure_get_string (properties, fields[i]))
      return g_strdup (gst_structure_get_string (properties, fields[i]));
  return NULL;
}

static PealDevice *
device_from_gst (PealDeviceKind kind, GstDevice *gst_device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (gst_device);
  g_autofree gchar *name = gst_device_get_display_name (gst_device);
  g_autofree gchar *path = dup_path (properties);
  PealDevice *self = NULL;

  if (kind == PEAL_DEVICE_MICROPHONE && properties &&
      g_strcmp0 (gst_structure_get_string (properties, "device.class"),
          "monitor") == 0)
    kind = PEAL_DEVICE_MONITOR;
  self = peal_device_new (kind, name, path);
  self->gst_device = g_object_ref (gst_device);
  return self;
}

static void
add_monitored (GPtrArray *devices, PealDeviceKind kind, const gchar *classes)
{
  g_autoptr (GstDeviceMonitor) monitor = gst_device_monitor_new ();
  GList *found = NULL;

  gst_device_monitor_add_filter (monitor, classes, NULL);
  found = gst_device_monitor_get_devices (monitor);
  for (GList *item = found; item; item = item->next)
    g_ptr_array_add (devices, device_from_gst (kind, item->data));
  g_list_free_full (found, gst_object_unref);
}

static void
add_screen (GPtrArray *devices)
{
  guint width = 0;
  guint height = 0;
  PealDevice *screen = NULL;

  if (!peal_screen_get_size (&width, &height, NULL))
    return;
  screen = peal_device_new (PEAL_DEVICE_SCREEN, "screen", NULL);
  screen->detail = g_strdup_printf (
      "X display %s, %ux%u", g_getenv ("DISPLAY"), width, height);
  g_ptr_array_add (devices, screen);
}

/**
 * peal_device_list_new_for_kind:
 * @kind: camera, screen, microphone (monitors come with them) or speaker
 *
 * Returns: (transfer full) (element-type PealDevice): what there is of one
 *   kind
 */
GPtrArray *
peal_device_list_new_for_kind (PealDeviceKind kind)
{
  GPtrArray *devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_device_free);

  if (kind == PEAL_DEVICE_CAMERA)
    add_monitored (devices, kind, "Video/Source");
  else if (kind == PEAL_DEVICE_SCREEN)
    add_screen (devices);
  else if (kind == PEAL_DEVICE_SPEAKER)
    add_monitored (devices, kind, "Audio/Sink");
  else
    add_monitored (devices, PEAL_DEVICE_MICROPHONE, "Audio/Source");
  peal_device_list_make_names_unique (devices);
  return devices;
}

/**
 * peal_device_list_new:
 *
 * Returns: (transfer full) (element-type PealDevice): everything, by kind
 */
GPtrArray *
peal_device_list_new (void)
{
  const PealDeviceKind kinds[] = { PEAL_DEVICE_CAMERA, PEAL_DEVICE_SCREEN,
    PEAL_DEVICE_MICROPHONE, PEAL_DEVICE_SPEAKER };
  GPtrArray *devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_device_free);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_ptr_array_extend_and_steal (
        devices, peal_device_list_new_for_kind (kinds[i]));
  return devices;
}

static gboolean
is_taken (
    GPtrArray *devices, guint count, PealDeviceKind kind, const gchar *name)
{
  for (guint i = 0; i < count; i++) {
    const PealDevice *device = g_ptr_array_index (devices, i);

    if (device->kind == kind && strcmp (device->name, name) == 0)
      return TRUE;
  }
  return FALSE;
}

/**
 * peal_device_list_make_names_unique:
 * @devices: (element-type PealDevice): devices
 *
 * Gives the second of two devices of one kind and name the name `NAME (2)`,
 * and so on.
 */
void
peal_device_list_make_names_unique (GPtrArray *devices)
{
  for (guint i = 0; i < devices->len; i++) {
    PealDevice *device = g_ptr_array_index (devices, i);
    g_autofree gchar *plain = g_strdup (device->name);

    for (guint n = 2; is_taken (devices, i, device->kind, device->name); n++) {
      g_free (device->name);
      device->name = g_strdup_printf ("%s (%u)", plain, n);
    }
  }
}

/**
 * peal_device_list_find:
 * @devices: (element-type PealDevice): devices
 * @kind: the kind that is meant; a microphone may be a monitor, too
 * @name: a name or path
 *
 * Returns: (transfer none) (nullable): the device of that name
 */
const PealDevice *
peal_device_list_find (
    GPtrArray *devices, PealDeviceKind kind, const gchar *name)
{
  for (guint i = 0; i < devices->len; i++) {
    const PealDevice *device = g_ptr_array_index (devices, i);
    gboolean is_kind = device->kind == kind ||
        (kind == PEAL_DEVICE_MICROPHONE && device->kind == PEAL_DEVICE_MONITOR);

    if (is_kind &&
        (g_strcmp0 (device->name, name) == 0 ||
            g_strcmp0 (device->path, name) == 0))
      return device;
  }
  return NULL;
}

/**
 * peal_device_list_name_all:
 * @devices: (element-type PealDevice): devices
 * @kind: the kind that is meant
 *
 * Returns: (transfer full): the names of that kind, quoted, with commas; or
 *   `none`
 */
gchar *
peal_device_list_name_all (GPtrArray *devices, PealDeviceKind kind)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < devices->len; i++) {
    const PealDevice *device = g_ptr_array_index (devices, i);

    if (device != peal_device_list_find (devices, kind, device->name))
      continue;
    g_string_append_printf (
        names, "%s'%s'", names->len ? ", " : "", device->name);
  }
  if (!names->len)
    g_string_append (names, "none");
  return g_string_free (names, FALSE);
}
