/*
 * Names of devices: unique within their kind, found again by name or path; and
 * the size at which a screen is sent.
 */
#include "app/device-list.h"
#include "app/screen.h"

static GPtrArray *
two_equal_webcams_and_a_microphone (void)
{
  GPtrArray *devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_device_free);

  g_ptr_array_add (
      devices, peal_device_new (PEAL_DEVICE_CAMERA, "Webcam", "/dev/video0"));
  g_ptr_array_add (
      devices, peal_device_new (PEAL_DEVICE_CAMERA, "Webcam", "/dev/video2"));
  g_ptr_array_add (
      devices, peal_device_new (PEAL_DEVICE_MICROPHONE, "Webcam", NULL));
  g_ptr_array_add (
      devices, peal_device_new (PEAL_DEVICE_MONITOR, "Desk", NULL));
  peal_device_list_make_names_unique (devices);
  return devices;
}

static void
equal_names_are_told_apart (void)
{
  g_autoptr (GPtrArray) devices = two_equal_webcams_and_a_microphone ();
  g_autofree gchar *cameras =
      peal_device_list_name_all (devices, PEAL_DEVICE_CAMERA);
  g_autofree gchar *speakers =
      peal_device_list_name_all (devices, PEAL_DEVICE_SPEAKER);

  g_assert_cmpstr (cameras, ==, "'Webcam', 'Webcam (2)'");
  g_assert_cmpstr (speakers, ==, "none");
}

static void
a_device_is_found_by_name_or_path (void)
{
  g_autoptr (GPtrArray) devices = two_equal_webcams_and_a_microphone ();
  const PealDevice *second =
      peal_device_list_find (devices, PEAL_DEVICE_CAMERA, "Webcam (2)");

  g_assert_cmpstr (second->path, ==, "/dev/video2");
  g_assert_true (peal_device_list_find (
                     devices, PEAL_DEVICE_CAMERA, "/dev/video2") == second);
  g_assert_null (
      peal_device_list_find (devices, PEAL_DEVICE_CAMERA, "Webcam (3)"));
}

static void
a_monitor_is_a_microphone_to_the_user (void)
{
  g_autoptr (GPtrArray) devices = two_equal_webcams_and_a_microphone ();

  g_assert_nonnull (
      peal_device_list_find (devices, PEAL_DEVICE_MICROPHONE, "Desk"));
  g_assert_null (peal_device_list_find (devices, PEAL_DEVICE_CAMERA, "Desk"));
}

static void
a_screen_is_scaled_down_in_its_shape (void)
{
  const guint cases[][4] = {
    { 1920, 1080, 1280, 720 },
    { 3840, 1080, 1280, 360 },
    { 1080, 1920, 404, 720 },
    { 641, 481, 640, 480 },
    { 1, 1, 2, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint width = cases[i][0];
    guint height = cases[i][1];

    peal_screen_fit (&width, &height);
    g_assert_cmpuint (width, ==, cases[i][2]);
    g_assert_cmpuint (height, ==, cases[i][3]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/app/devices/equal-names-are-told-apart", equal_names_are_told_apart);
  g_test_add_func ("/app/devices/one-is-found-by-name-or-path",
      a_device_is_found_by_name_or_path);
  g_test_add_func ("/app/devices/a-monitor-is-a-microphone-to-the-user",
      a_monitor_is_a_microphone_to_the_user);
  g_test_add_func ("/app/screen/it-is-scaled-down-in-its-shape",
      a_screen_is_scaled_down_in_its_shape);
  return g_test_run ();
}
