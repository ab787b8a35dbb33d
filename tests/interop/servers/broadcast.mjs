/*
 * A server of the `broadcast` kind: two in a room, who is called by
 * start_call offers. Prints its port.
 */

import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { cors: { origin: '*' } });

io.on('connection', (socket) => {
  socket.on('join', (roomId) => {
    const clients = io.sockets.adapter.rooms.get(roomId)?.size ?? 0;
    if (clients > 1) {
      socket.emit('full_room', roomId);
      return;
    }
    socket.join(roomId);
    socket.emit(clients === 0 ? 'room_created' : 'room_joined', roomId);
  });
  socket.on('start_call', (roomId) => {
    socket.broadcast.to(roomId).emit('start_call');
  });
  for (const event of ['webrtc_offer', 'webrtc_answer'])
    socket.on(event, ({ sdp, roomId }) => {
      socket.broadcast.to(roomId).emit(event, sdp);
    });
  socket.on('webrtc_ice_candidate', (event) => {
    socket.broadcast.to(event.roomId).emit('webrtc_ice_candidate', event);
  });
});

http.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${http.address().port}`);
});
