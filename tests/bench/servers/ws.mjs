// A room relay on `ws`, as one writes it: JSON in, the target looked up, JSON
// out. No compression, no tracking of clients, a ping every 15 seconds.
import { WebSocketServer } from 'ws';

import { find, join, leave } from './rooms.mjs';

const MAX_BYTES = 64 * 1024;
const MAX_BACKLOG_BYTES = 1024 * 1024;
const PING_MS = 15_000;
const RELAYED = new Set(['offer', 'answer', 'candidate', 'message']);

const server = new WebSocketServer({
  host: '127.0.0.1', port: 0, path: '/ws', backlog: 1024,
  perMessageDeflate: false, maxPayload: MAX_BYTES, clientTracking: true,
});

function send(socket, object) {
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
  else socket.send(JSON.stringify(object));
}

function relay(socket, message) {
  const { to, ...rest } = message;
  const target = find(socket.member, to);
  if (target) target.send({ ...rest, from: socket.member.id });
  else send(socket, { type: 'error', code: 'unknown-peer', to });
}

function take(socket, data) {
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    return send(socket, { type: 'error', code: 'bad-message' });
  }
  if (message.type === 'join' && !socket.member)
    socket.member = join(String(message.room), message.name, (object) => send(socket, object));
  else if (socket.member && RELAYED.has(message.type))
    relay(socket, message);
  else
    send(socket, { type: 'error', code: 'unknown-type' });
}

server.on('connection', (socket) => {
  socket.isAlive = true;
  socket.member = null;
  socket.on('message', (data) => take(socket, data));
  socket.on('pong', () => { socket.isAlive = true; });
  socket.on('close', () => socket.member && leave(socket.member));
});
server.on('listening', () => console.log(`port ${server.address().port}`));
setInterval(() => {
  for (const socket of server.clients) {
    if (!socket.isAlive) socket.terminate();
    socket.isAlive = false;
    socket.ping();
  }
}, PING_MS);
