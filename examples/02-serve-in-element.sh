#!/bin/sh
# One pipeline that is its own room server. Open the page in a browser on this
# machine and talk to it. For phones, serve=https://0.0.0.0:8443 does the same
# for the whole network, with a certificate of its own making.
PORT=${PORT:-8080}
echo "Open http://localhost:$PORT/lobby in a browser"

exec timeout -k 5 -s INT "${SECONDS_LONG:-10}" gst-launch-1.0 \
  pealbin name=call serve="$PORT" room=lobby peer-name=element \
  ${VIDEO_SOURCE:-videotestsrc is-live=true pattern=ball} ! call. \
  ${AUDIO_SOURCE:-audiotestsrc is-live=true wave=ticks} ! call. \
  call.mix_video ! ${VIDEO_SINK:-autovideosink} \
  call.mix_audio ! ${AUDIO_SINK:-autoaudiosink}
