/*
 * What this machine can capture with and play on, each under the name that
 * --video and --audio take. Main thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PealDeviceKind:
 * @PEAL_DEVICE_MONITOR: a microphone that hears what a speaker plays
 */
typedef enum {
  PEAL_DEVICE_CAMERA,
  PEAL_DEVICE_SCREEN,
  PEAL_DEVICE_MICROPHONE,
  PEAL_DEVICE_MONITOR,
  PEAL_DEVICE_SPEAKER,
} PealDeviceKind;

/**
 * PealDevice:
 * @name: unique within its kind; what to give to --video or --audio
 * @path: (nullable): such as `/dev/video0`, good for --video, too
 * @detail: (nullable): more for people, such as a screen's size
 * @gst_device: (nullable): makes the element; NULL for a screen
 */
typedef struct {
  PealDeviceKind kind;
  gchar *name;
  gchar *path;
  gchar *detail;
  GstDevice *gst_device;
} PealDevice;

GPtrArray *
peal_device_list_new (void);
GPtrArray *
peal_device_list_new_for_kind (PealDeviceKind kind);
PealDevice *
peal_device_new (PealDeviceKind kind, const gchar *name, const gchar *path);
void
peal_device_free (PealDevice *self);
const gchar *
peal_device_kind_to_string (PealDeviceKind kind);
void
peal_device_list_make_names_unique (GPtrArray *devices);
const PealDevice *
peal_device_list_find (
    GPtrArray *devices, PealDeviceKind kind, const gchar *name);
gchar *
peal_device_list_name_all (GPtrArray *devices, PealDeviceKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealDevice, peal_device_free)

G_END_DECLS
