/*
 * Which schemes are spoken here, and what is said about the others.
 */
#include "base/error.h"
#include "signalling/loopback-signaller.h"
#include "signalling/registry.h"
#include "signalling/dialect-signaller.h"

static void
test_known (void)
{
  const gchar *const uris[] = { "ws://host/den", "wss://host", "WS://host" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (PealSignallerConfig) config =
        peal_signaller_config_new (uris[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (PealSignaller) signaller =
        peal_signaller_registry_create (config, &error);

    g_assert_no_error (error);
    g_assert_true (PEAL_IS_DIALECT_SIGNALLER (signaller));
    g_assert_cmpint (
        peal_signaller_get_state (signaller), ==, PEAL_SIGNALLING_IDLE);
  }
}

static void
test_unknown (void)
{
  const gchar *const uris[] = { "http://host/den?token=secret", "loopback:den",
    "gopher+ws://host", "host:8080/den", "", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (peal_signaller_registry_check_uri (uris[i], &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
    g_assert_nonnull (strstr (error->message, "ws://, wss://"));
    g_assert_null (strstr (error->message, "secret"));
  }
}

static void
test_overrides (void)
{
  g_autoptr (PealSignallerConfig) config =
      peal_signaller_config_new ("ws://host/den");
  g_autoptr (PealSignaller) signaller = NULL;
  g_autoptr (GError) error = NULL;

  config->room = g_strdup ("two words");
  signaller = peal_signaller_registry_create (config, &error);
  g_assert_null (signaller);
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
}

static PealSignaller *
create_loopback (const PealSignallerConfig *config, GError **error)
{
  g_autoptr (PealLoopbackRoom) room = peal_loopback_room_new (NULL, 0);

  return peal_loopback_signaller_new (room, config);
}

static void
test_hook (void)
{
  peal_signaller_registry_set_loopback_for_tests (create_loopback);
  g_assert_true (peal_signaller_registry_check_uri ("loopback:den", NULL));
  peal_signaller_registry_set_loopback_for_tests (NULL);
  g_assert_false (peal_signaller_registry_check_uri ("loopback:den", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/ws-and-wss-are-peal-rooms", test_known);
  g_test_add_func (
      "/registry/an-unknown-scheme-is-answered-with-the-known", test_unknown);
  g_test_add_func (
      "/registry/an-override-is-checked-like-the-uri", test_overrides);
  g_test_add_func ("/registry/loopback-is-for-tests-only", test_hook);

  return g_test_run ();
}
