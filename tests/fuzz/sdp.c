/*
 * Session descriptions, before webrtcbin sees them.
 */
#include "session/sdp.h"

#include "fuzz.h"

#define TRANSPORT                                                             \
  "a=setup:actpass\r\na=ice-ufrag:abcdefgh\r\n"                               \
  "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"                                    \
  "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:" \
  "11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\na=rtcp-mux\r\n"

const gchar *const fuzz_vectors[] = { NULL };
const gchar *const fuzz_texts[] = {
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
  "a=group:BUNDLE 0 1 data\r\n"
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 "
  "0.0.0.0\r\na=mid:0\r\n" TRANSPORT
  "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
  "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n"
  "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n" TRANSPORT
  "a=recvonly\r\na=rtpmap:111 opus/48000/2\r\n"
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"
  "a=mid:data\r\n" TRANSPORT "a=sctp-port:5000\r\n",
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
  "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n" TRANSPORT
  "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\n",
  NULL
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PealSdp) sdp = peal_sdp_parse (text, &error);

  g_assert_true ((sdp != NULL) != (error != NULL));
  if (sdp) {
    peal_sdp_count (sdp, PEAL_MEDIA_VIDEO);
    peal_sdp_only_sends (sdp);
    peal_sdp_answers (sdp, sdp, NULL);
  }
  return 0;
}
