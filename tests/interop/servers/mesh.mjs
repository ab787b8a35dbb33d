/*
 * A Node socket.io room server, as tutorials write it: kebab-case, joining
 * with acknowledgements. The arguments are the transports that it allows;
 * "upgrade" wants every session to begin with polling. PORT in the environment
 * is where it listens; with TLS_CERTIFICATE and TLS_KEY it speaks https. Prints
 * its port.
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Server } from 'socket.io';

const transports = process.argv.slice(2);
const isUpgradeOnly = transports[0] === 'upgrade';
const mayBegin = ({ url, headers }, callback) =>
  callback(null, !headers.upgrade || url.includes('sid='));
const { TLS_CERTIFICATE, TLS_KEY } = process.env;
const http = TLS_CERTIFICATE
  ? createSecureServer({
      cert: readFileSync(TLS_CERTIFICATE),
      key: readFileSync(TLS_KEY),
    })
  : createServer();
const io = new Server(http, {
  cors: { origin: '*' },
  ...(isUpgradeOnly ? { allowRequest: mayBegin } : {}),
  ...(transports.length > 0 && !isUpgradeOnly ? { transports } : {}),
});
const rooms = new Map();

io.on('connection', (socket) => {
  const enter = (roomId, callback) => {
    const users = rooms.get(roomId);
    const existingUsers = [...users];
    users.add(socket.id);
    socket.join(roomId);
    socket.to(roomId).emit('user-joined', { userId: socket.id });
    callback({ success: true, roomId, existingUsers });
  };

  socket.on('create-room', (roomId, callback) => {
    if (rooms.has(roomId)) {
      callback({ success: false, error: 'Room already exists' });
      return;
    }
    rooms.set(roomId, new Set());
    enter(roomId, callback);
  });

  socket.on('join-room', (roomId, callback) => {
    if (rooms.has(roomId)) enter(roomId, callback);
    else callback({ success: false, error: 'Room not found' });
  });

  for (const event of ['offer', 'answer', 'ice-candidate'])
    socket.on(event, ({ target, ...rest }) => {
      io.to(target).emit(event, { from: socket.id, ...rest });
    });

  socket.on('disconnect', () => {
    for (const [roomId, users] of rooms)
      if (users.delete(socket.id))
        io.to(roomId).emit('user-left', { userId: socket.id });
  });
});

http.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening on ${http.address().port}`);
});
