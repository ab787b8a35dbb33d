#!/bin/sh
# A room server and two members, each a single pipeline. Each window shows
# what the other one sends: colour bars on one, a ball on the other.
PORT=${PORT:-8080}
SECONDS_LONG=${SECONDS_LONG:-10}
URI=ws://localhost:$PORT/lobby

peal serve --listen "$PORT" --seconds "$SECONDS_LONG" &

timeout -k 5 -s INT "$SECONDS_LONG" gst-launch-1.0 \
  pealbin name=call uri="$URI" peer-name=bars \
  videotestsrc is-live=true pattern=smpte ! call. \
  audiotestsrc is-live=true freq=440 ! call. \
  call.mix_video ! ${VIDEO_SINK:-autovideosink} \
  call.mix_audio ! ${AUDIO_SINK:-autoaudiosink} &

timeout -k 5 -s INT "$SECONDS_LONG" gst-launch-1.0 \
  pealbin name=call uri="$URI" peer-name=ball \
  videotestsrc is-live=true pattern=ball ! call. \
  audiotestsrc is-live=true freq=660 ! call. \
  call.mix_video ! ${VIDEO_SINK_2:-${VIDEO_SINK:-autovideosink}} \
  call.mix_audio ! ${AUDIO_SINK_2:-${AUDIO_SINK:-autoaudiosink}} &

wait
