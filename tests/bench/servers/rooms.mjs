// The rooms of both servers: who is in which, and what joining says. A server
// gives each member a function that sends it an object.
import { randomBytes } from 'node:crypto';

const MAX_MEMBERS = 16;

const rooms = new Map(); // name -> Map of id to member

const describe = ({ id, name }) => ({ id, name });

export function join(roomName, name, send, id = randomBytes(16).toString('base64url')) {
  let room = rooms.get(roomName);
  if (!room) rooms.set(roomName, (room = new Map()));
  if (room.size >= MAX_MEMBERS) return null;
  const member = { id, name, room, roomName, send };
  for (const other of room.values())
    other.send({ type: 'peer-joined', peer: { ...describe(member), offers: true } });
  send({ type: 'joined', room: roomName, id,
    peers: [...room.values()].map((other) => ({ ...describe(other), offers: false })) });
  room.set(id, member);
  return member;
}

export function leave(member) {
  member.room.delete(member.id);
  for (const other of member.room.values())
    other.send({ type: 'peer-left', id: member.id });
  if (member.room.size === 0) rooms.delete(member.roomName);
}

// The target of a relayed message, if it is in the sender's room.
export const find = (member, id) => member.room.get(id);
