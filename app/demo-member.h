/*
 * One member of the demo's call: sends a picture and a tone of its own, and
 * looks and listens whether the other's arrive. Main thread.
 */
#pragma once

#include "app/console.h"
#include "app/peer-view.h"
#include "app/run.h"

G_BEGIN_DECLS

/**
 * PealDemoRole:
 * @name: the member's name
 * @colour_name: the colour of its picture, for people
 * @colour: the same, 0xRRGGBB
 * @tone_hz: the tone it sends
 * @sends_camera: its picture is the camera's instead
 */
typedef struct {
  const gchar *name;
  const gchar *colour_name;
  guint32 colour;
  guint tone_hz;
  gboolean sends_camera;
} PealDemoRole;

/**
 * PealDemoFindings:
 * @is_seen: the other's picture is in what arrives, now
 * @is_moving: it changes
 * @is_heard: the other's tone is in what arrives, now
 * @loudness: of all that arrives, 0 to 1
 * @was_seen: it was seen, moving, at least once
 * @was_heard: it was heard at least once
 */
typedef struct {
  gboolean is_seen;
  gboolean is_moving;
  gboolean is_heard;
  gdouble loudness;
  gboolean was_seen;
  gboolean was_heard;
} PealDemoFindings;

typedef struct _PealDemoMember PealDemoMember;

PealDemoMember *
peal_demo_member_new (const PealDemoRole *role, const PealDemoRole *other,
    PealConsole *console, PealRun *run);
void
peal_demo_member_free (PealDemoMember *self);
gboolean
peal_demo_member_start (PealDemoMember *self, const gchar *uri,
    gboolean has_outputs, gboolean is_talkative, GError **error);
const PealDemoFindings *
peal_demo_member_look (PealDemoMember *self);
const PealPeerView *
peal_demo_member_get_other (PealDemoMember *self, PealPeerRates *rates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealDemoMember, peal_demo_member_free)

G_END_DECLS
