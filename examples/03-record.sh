#!/bin/sh
# A member that sends nothing writes everybody's pictures and voices into one
# file. The mix always flows, so the recording goes on whoever comes and goes;
# -e ends the file properly when the pipeline is interrupted.
URI=${URI:-ws://localhost:8080/lobby}
FILE=${FILE:-call.mkv}
echo "Recording $URI to $FILE"

exec timeout -k 5 -s INT "${SECONDS_LONG:-10}" gst-launch-1.0 -e \
  pealbin name=call uri="$URI" peer-name=recorder \
  call.mix_video ! videoconvert ! x264enc tune=zerolatency ! h264parse ! \
  matroskamux name=file ! filesink location="$FILE" \
  call.mix_audio ! audioconvert ! audioresample ! opusenc ! file.
