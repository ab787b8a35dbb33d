/*
 * The server of Google's WebRTC codelab in its own words: two in a room, and
 * one event for everything. Prints its port.
 */

import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { cors: { origin: '*' } });

io.on('connection', (socket) => {
  socket.on('message', (message) => {
    socket.broadcast.emit('message', message);
  });

  socket.on('create or join', (room) => {
    const clients = io.sockets.adapter.rooms.get(room)?.size ?? 0;
    if (clients === 0) {
      socket.join(room);
      socket.emit('created', room, socket.id);
    } else if (clients === 1) {
      io.to(room).emit('join', room);
      socket.join(room);
      socket.emit('joined', room, socket.id);
      io.to(room).emit('ready');
    } else {
      socket.emit('full', room);
    }
  });
});

http.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${http.address().port}`);
});
