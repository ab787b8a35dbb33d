/*
 * The text of --help. Written by hand, because a page that fits a screen says
 * more than a list of every option's blurb; a unit test checks that it fits
 * and that every option it names exists. Pure.
 */
#include "app/help.h"

static const gchar help_peal[] =
    "Usage: peal COMMAND [OPTION...]\n"
    "Live two-way video calls over WebRTC.\n"
    "\n"
    "Commands:\n"
    "  serve      serve rooms and the web page; prints its address and a QR "
    "code\n"
    "  call       call everyone in a room, with camera and microphone\n"
    "  devices    list what can be captured, encoded and played here\n"
    "  demo       a whole call on this machine, with test pictures and tones\n"
    "\n"
    "  peal serve                          rooms for this computer\n"
    "  peal serve --listen 0.0.0.0:8443 --tls auto    rooms for phones, too\n"
    "  peal call ws://host:8080/lobby      call the others in 'lobby'\n"
    "  peal call --serve                   both at once\n"
    "\n"
    "  --help     this page; 'peal COMMAND --help' or 'peal help COMMAND' for "
    "a\n"
    "             command's options\n"
    "  --version  the versions of Peal, GStreamer, libnice and libsoup\n"
    "\n"
    "Exit status: 0 success, 1 failure, 2 wrong usage, 75 server "
    "unreachable.\n";

static const gchar help_serve[] =
    "Usage: peal serve [OPTION...]\n"
    "Serve rooms and the web page. Rooms are made when someone enters them.\n"
    "\n"
    "  --listen ADDRESS   where to listen: HOST:PORT, :PORT or PORT; port 0 "
    "picks\n"
    "                     a free one. Default 127.0.0.1:8080, this computer "
    "only;\n"
    "                     0.0.0.0:8443 is for the whole network\n"
    "  --tls auto         https with a certificate made once and kept: "
    "browsers on\n"
    "                     other devices give their camera over https only\n"
    "  --tls-cert FILE    https with a certificate of yours (PEM), and its "
    "key:\n"
    "  --tls-key FILE\n"
    "  --token-file FILE  rooms need the token on the file's first line\n"
    "  --stun URL         tell members to use this STUN server; may be "
    "repeated\n"
    "  --turn URL         a TURN server, turn:USER:PASSWORD@HOST:PORT; the "
    "same\n"
    "  --turn-secret-file FILE   for turn:HOST:PORT: credentials for each "
    "member\n"
    "                     are made from the secret on the file's first line\n"
    "  --max-members N    members in one room at most, 1 to 32 (16)\n"
    "  --any-origin       let pages of other sites join rooms without a token\n"
    "  --room NAME        the room in the printed address (lobby)\n"
    "  --qr               print the QR code although this is no terminal\n"
    "  --seconds N        end after N seconds\n"
    "  --json             events as JSON lines\n"
    "\n"
    "Ctrl-C ends it. Calls that stand go on without the server.\n";

static const gchar help_call[] =
    "Usage: peal call ADDRESS [OPTION...], or peal call --serve[=LISTEN]\n"
    "Call a room: ws://host:8080/lobby, wss://..., or the address of its "
    "page.\n"
    "Other servers: relay+ws://, socketio+ws://, gstwebrtc+ws://, "
    "gstexamples+ws://\n"
    "\n"
    "  --video WHAT, --audio WHAT  what to send: camera, screen, test, a FILE, "
    "a\n"
    "                    device from 'peal devices', none; microphone for "
    "sound\n"
    "  --name NAME       the name that others see\n"
    "  --room NAME       the room, if not in the address\n"
    "  --serve[=LISTEN]  serve the room, too; then as in 'peal serve --help':\n"
    "                    --tls, --tls-cert, --tls-key, --max-members, --qr,\n"
    "                    --turn-secret-file\n"
    "  --token T, --token-file FILE  the room's token\n"
    "  --tls-ca-file F   trust this certificate (peal serve --tls auto shows "
    "it)\n"
    "  --stun URL, --turn URL        servers to find a way with; may be "
    "repeated\n"
    "  --relay           go through a TURN server only\n"
    "  --video-codecs L, --audio-codecs L   in order of preference: VP8,H264\n"
    "  --min-bitrate B, --start-bitrate B, --max-bitrate B    in bit/s\n"
    "  --no-display, --no-speaker    show no pictures, play no sound\n"
    "  --no-retry        end with status 75 when the server cannot be reached\n"
    "  --seconds N       end after N seconds\n"
    "  --json            events and a summary as JSON lines\n"
    "\n"
    "Keys: m mute, v stop or go on with video, t type a text to all, q quit.\n";

static const gchar help_devices[] =
    "Usage: peal devices [OPTION...]\n"
    "List cameras, screens, microphones, speakers, and the encoders and "
    "decoders\n"
    "that work here. The first column is what --video and --audio take.\n"
    "\n"
    "  --json  one JSON object\n";

static const gchar help_demo[] =
    "Usage: peal demo [OPTION...]\n"
    "A whole call for a machine with nobody at it: a room server and two "
    "members,\n"
    "each with a test picture and a tone of its own. Prints, every second, "
    "what\n"
    "arrives in each direction, and an address for a browser to join.\n"
    "\n"
    "  --seconds N  end after N seconds (default: until q, or 30 without "
    "terminal)\n"
    "  --camera     the first member sends this machine's camera\n"
    "  --json       events as JSON lines\n"
    "\n"
    "Exit status: 0 if pictures and sound arrived in both directions, else "
    "1.\n";

/**
 * peal_help_for_command:
 * @command: a command
 *
 * Returns: (transfer none): its page, ending in a line end
 */
const gchar *
peal_help_for_command (PealCommand command)
{
  static const gchar *const pages[] = {
    [PEAL_COMMAND_NONE] = help_peal,
    [PEAL_COMMAND_SERVE] = help_serve,
    [PEAL_COMMAND_CALL] = help_call,
    [PEAL_COMMAND_DEVICES] = help_devices,
    [PEAL_COMMAND_DEMO] = help_demo,
  };

  return pages[command];
}
