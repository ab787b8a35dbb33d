/*
 * The uris of other people's servers: which can be, and what the user is told
 * of those that cannot.
 */
#include "base/error.h"
#include "signalling/registry.h"

static const gchar *const good[] = {
  "relay+ws://host",
  "relay+ws://host:8080/ws/lobby?token=T&x=y",
  "relay+wss://[2001:db8::1]/a%20b",
  "RELAY+WS://host/lobby",
  "socketio+ws://host",
  "socketio+ws://host:3000/lobby",
  "socketio+wss://host/lobby?profile=py&path=/socket.io/&name=Ada&token=T",
  "socketio+ws://host/?room=a%20b&profile=mesh",
  "socketio+ws://host/r?profile=codelab",
  "socketio+ws://host/r?profile=broadcast",
  "gstwebrtc+ws://host",
  "gstwebrtc+wss://[2001:db8::1]:443/any/path?peer=P&role=consumer&version=1.1",
  "GSTWEBRTC+WS://host/?peer-name=Ada%20L&token=T",
  "gstexamples+ws://host:8443/?room=lobby",
  "gstexamples+wss://host/?id=me&peer=you&name=Ada&token=T",
};

static const struct {
  const gchar *uri;
  const gchar *told;
} bad[] = {
  { "relay+ws:///lobby", "no host" },
  { "relay+ws://host:0/", "port 0" },
  { "relay+ws://host:x/", "port is not a number" },
  { "relay+ws://ada:secret@host/", "user name" },
  { "relay+http://host/", "nothing here speaks" },
  { "socketio+ws://host/r?profile=secret", "mesh, py, codelab or broadcast" },
  { "socketio+ws://host/r?colour=secret", "may have the parameters" },
  { "socketio+ws://host/r?path=secret", "begins with /" },
  { "socketio+ws://host/r?token", "malformed" },
  { "socketio+ws://host/%00", "badly encoded" },
  { "socketio+ws://host/%zz", "malformed" },
  { "gstwebrtc+ws:///", "no host; it looks like gstwebrtc+ws://HOST:8443" },
  { "gstwebrtc+ws://host:x/", "port is not a number" },
  { "gstwebrtc+ws://host/?room=secret",
      "peer, peer-name, role, version, name and token; it looks like" },
  { "gstwebrtc+ws://host/?role=secret", "both, producer, consumer" },
  { "gstexamples+ws://ada:secret@host/", "user name" },
  { "gstexamples+ws://host/?id", "malformed" },
  { "gstexamples+ws://host/?id=a&colour=secret",
      "room, peer, id, name and token" },
  { "gstexamples+ws://host/?id=not%20secret", "without a space" },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GError) error = NULL;

    peal_signaller_registry_check_uri (good[i], &error);
    g_assert_no_error (error);
  }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (peal_signaller_registry_check_uri (bad[i].uri, &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
    if (!strstr (error->message, bad[i].told))
      g_error ("%s: %s", bad[i].uri, error->message);
    g_assert_null (strstr (error->message, "secret"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign-uris/those-that-can-be", test_good);
  g_test_add_func (
      "/foreign-uris/those-that-cannot-say-why-and-no-secret", test_bad);
  return g_test_run ();
}
