/*
 * A page of somebody else, in the plainest words: it speaks the protocol of
 * Peal rooms by hand and has a data channel of its own, labelled `chat`. Runs
 * in the page: `await page.evaluate(stranger, url)` puts it at
 * window.stranger.
 */
export function stranger(url) {
  const heard = [];
  const channels = new Map();
  let pc = null;
  let session = null;
  let peer = null;
  let socket = null;

  const send = (message) =>
    socket.send(JSON.stringify({ ...message, to: peer, session }));

  const adopt = (channel) => {
    channels.set(channel.label, channel);
    channel.onmessage = ({ data }) => heard.push(`${channel.label}:${data}`);
  };

  const begin = () => {
    pc?.close();
    channels.clear();
    pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    pc.onicecandidate = ({ candidate }) =>
      candidate?.candidate && send({ type: 'candidate', candidate });
    pc.ondatachannel = ({ channel }) => adopt(channel);
    adopt(pc.createDataChannel('chat'));
  };

  const offer = async () => {
    session = `stranger-${Math.random().toString(36).slice(2, 10)}`;
    begin();
    await pc.setLocalDescription();
    send({ type: 'offer', sdp: pc.localDescription.sdp });
  };

  const answer = async (message) => {
    session = message.session;
    begin();
    await pc.setRemoteDescription({ type: 'offer', sdp: message.sdp });
    await pc.setLocalDescription();
    send({ type: 'answer', sdp: pc.localDescription.sdp });
  };

  let work = Promise.resolve();
  const take = async (message) => {
    if (message.type === 'joined') peer = message.peers[0].id;
    if (message.type === 'offer') await answer(message);
    if (message.session !== session) return;
    if (message.type === 'answer')
      await pc.setRemoteDescription({ type: 'answer', sdp: message.sdp });
    if (message.type === 'candidate' && message.candidate)
      await pc.addIceCandidate(message.candidate);
  };

  const join = () => {
    socket = new WebSocket(url);
    socket.onopen = () =>
      socket.send(JSON.stringify({ type: 'join', room: 'lobby', name: 'Else' }));
    socket.onmessage = ({ data }) => {
      work = work.then(() => take(JSON.parse(data)));
    };
  };

  window.stranger = {
    heard,
    join,
    /** Begin anew with an offer of nothing but the channel. */
    offer,
    state: (label) => channels.get(label)?.readyState ?? null,
    say: (label, text) => channels.get(label).send(text),
    flood: (label, count) => {
      for (let i = 0; i < count; i += 1) channels.get(label).send(`drop ${i}`);
    },
    sayBytes: (label, bytes) => channels.get(label).send(new Uint8Array(bytes)),
  };
}
