#!/bin/sh
# A door station: its camera gives H.264, which goes to every member as it is.
# On a real one, VIDEO_SOURCE is "v4l2src ! video/x-h264 ! h264parse"; here an
# encoder plays the camera. It answers requests for key frames, so that a
# later member has a picture at once.
URI=${URI:-ws://localhost:8080/door}
CAMERA="videotestsrc is-live=true pattern=smpte ! video/x-raw,width=1280,height=720 ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=2000 key-int-max=60 ! video/x-h264,profile=constrained-baseline ! h264parse"

exec timeout -k 5 -s INT "${SECONDS_LONG:-10}" gst-launch-1.0 \
  pealbin name=call uri="$URI" peer-name=door \
  ${VIDEO_SOURCE:-$CAMERA} ! call. \
  ${AUDIO_SOURCE:-audiotestsrc is-live=true freq=880} ! call. \
  call.mix_audio ! ${AUDIO_SINK:-autoaudiosink}
