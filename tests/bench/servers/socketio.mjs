// The same room relay on `socket.io`, over WebSocket from the start.
import { createServer } from 'node:http';

import { Server } from 'socket.io';

import { find, join, leave } from './rooms.mjs';

const MAX_BYTES = 64 * 1024;
const RELAYED = ['offer', 'answer', 'candidate', 'message'];

const http = createServer();
const server = new Server(http, {
  transports: ['websocket'], serveClient: false, perMessageDeflate: false,
  maxHttpBufferSize: MAX_BYTES,
});

function relay(socket, event, message) {
  const { to, ...rest } = message;
  const target = socket.member && find(socket.member, to);
  if (target) target.send({ type: event, ...rest, from: socket.id });
  else socket.emit('error', { code: 'unknown-peer', to });
}

server.on('connection', (socket) => {
  socket.on('join', ({ room, name }) => {
    socket.member ??= join(String(room), name,
      ({ type, ...rest }) => socket.emit(type, rest), socket.id);
  });
  for (const event of RELAYED)
    socket.on(event, (message) => relay(socket, event, message));
  socket.on('disconnect', () => socket.member && leave(socket.member));
});
// As its documentation advises: the handshake's request is not kept.
server.engine.on('connection', (socket) => { socket.request = null; });
http.listen({ host: '127.0.0.1', port: 0, backlog: 1024 },
  () => console.log(`port ${http.address().port}`));
