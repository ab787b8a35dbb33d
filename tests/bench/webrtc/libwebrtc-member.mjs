// One side of libwebrtc.mjs, a process of its own: a peer connection with a
// moving 720p30 picture. Speaks with its parent over the channel of a fork.
// Its camera runs during a call only: it would slow down whose turn it is.
import wrtc from '@roamhq/wrtc';

const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = wrtc;
const { RTCVideoSource, RTCVideoSink } = wrtc.nonstandard;
const [WIDTH, HEIGHT] = [1280, 720];

const source = new RTCVideoSource();
const track = source.createTrack();
const data = new Uint8ClampedArray((WIDTH * HEIGHT * 3) / 2).fill(128);
let step = 0;
function takePicture() {
  const x = (step++ * 8) % (WIDTH - 40);
  data.fill(16, 0, WIDTH * HEIGHT);
  for (let y = 340; y < 380; y++) data.fill(235, y * WIDTH + x, y * WIDTH + x + 40);
  source.onFrame({ width: WIDTH, height: HEIGHT, data });
}

let peer;
let camera;

function tell(event) {
  process.send({ event, us: Number(process.hrtime.bigint() / 1000n) });
}

function close() {
  clearInterval(camera);
  peer.close();
}

function open() {
  camera = setInterval(takePicture, 1000 / 30);
  takePicture();
  peer = new RTCPeerConnection();
  peer.addTrack(track);
  peer.onicecandidate = ({ candidate }) => {
    if (candidate) process.send({ candidate });
  };
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'connected') tell('connected');
  };
  peer.ontrack = ({ track: remote }) => {
    const sink = new RTCVideoSink(remote);
    sink.onframe = () => {
      tell('picture');
      sink.stop();
    };
  };
}

async function describe(description) {
  await peer.setLocalDescription(description);
  process.send({ description: peer.localDescription });
}

process.on('message', async ({ order, description, candidate }) => {
  if (order === 'open') {
    open();
    process.send({ event: 'open' });
  } else if (order === 'close') {
    close();
  } else if (order === 'offer') {
    tell('start');
    await describe(await peer.createOffer());
  } else if (candidate) {
    await peer.addIceCandidate(new RTCIceCandidate(candidate));
  } else if (description) {
    await peer.setRemoteDescription(new RTCSessionDescription(description));
    if (description.type === 'offer') await describe(await peer.createAnswer());
  }
});
