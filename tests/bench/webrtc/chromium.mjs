// The reference of ./dev bench setup: two peer connections in one page of
// Chromium, each with a moving 720p30 picture of a canvas. For each line on
// standard input it makes one call and prints {"connected_us","picture_us"}:
// from the wish to offer until both are connected, and until the answerer has
// decoded a picture.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

/** In the page: one call. */
async function call() {
  const canvas = document.querySelector('canvas');
  const camera = await startCamera(canvas);
  const [alice, bob] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const stream = canvas.captureStream(30);
  for (const [from, to] of [[alice, bob], [bob, alice]]) {
    from.onicecandidate = ({ candidate }) => {
      if (candidate) to.addIceCandidate(candidate);
    };
    from.addTrack(stream.getVideoTracks()[0], stream);
  }
  const connected = (side) => new Promise((resolve) => {
    side.onconnectionstatechange = () => {
      if (side.connectionState === 'connected') resolve(performance.now());
    };
  });
  const both = Promise.all([connected(alice), connected(bob)]);
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const picture = new Promise((resolve) => {
    bob.ontrack = ({ streams }) => {
      video.srcObject = streams[0];
      video.play();
      video.requestVideoFrameCallback(() => resolve(performance.now()));
    };
  });
  const start = performance.now();
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription);
  const times = { connected: Math.max(...await both), picture: await picture };
  clearInterval(camera);
  alice.close();
  bob.close();
  video.remove();
  return {
    connected_us: (times.connected - start) * 1000,
    picture_us: (times.picture - start) * 1000,
  };
}

/** In the page: a ball that moves, so that every picture is a new one. */
function addCamera() {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  let step = 0;
  function drawBall() {
    context.fillStyle = 'black';
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = 'white';
    context.fillRect((step++ * 8) % 1240, 340, 40, 40);
  }
  // Runs during a call only: it would slow down whose turn it is.
  window.startCamera = () => new Promise((resolve) => {
    const camera = setInterval(() => {
      drawBall();
      resolve(camera);
    }, 1000 / 30);
  });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required',
    '--disable-features=WebRtcHideLocalIpsWithMdns'],
});
const page = await browser.newPage();
await page.goto('about:blank');
await page.evaluate(addCamera);
for await (const _ of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await page.evaluate(call)));
await browser.close();
