#!/usr/bin/env python3
"""A signalling server for gst-examples' programs, written from the facts of
their protocol: peers by an id of their own, calls between two, rooms. Prints
its port."""
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from serving import serve

app = FastAPI()
peers = {}  # id -> Peer
rooms = {}  # name -> set of ids


class Peer:
    def __init__(self, socket, name):
        self.socket = socket
        self.name = name
        self.partner = None
        self.room = None

    async def say(self, text):
        await self.socket.send_text(text)

    async def tell_room(self, text):
        for name in rooms[self.room] - {self.name}:
            await peers[name].say(text)

    async def call(self, name):
        other = peers.get(name)
        if not other:
            await self.say(f"ERROR peer '{name}' not found")
        elif other.partner or other.room:
            await self.say(f"ERROR peer '{name}' busy")
        else:
            self.partner, other.partner = other, self
            await self.say("SESSION_OK")

    async def enter(self, room):
        there = rooms.setdefault(room, set())
        await self.say(" ".join(["ROOM_OK", *sorted(there)]))
        self.room = room
        there.add(self.name)
        await self.tell_room(f"ROOM_PEER_JOINED {self.name}")

    async def tell_one(self, rest):
        name, text = rest.split(" ", 1)
        if name in rooms[self.room]:
            await peers[name].say(f"ROOM_PEER_MSG {self.name} {text}")
        else:
            await self.say(f"ERROR peer '{name}' not found")

    async def take(self, text):
        word, _, rest = text.partition(" ")
        if self.partner:
            await self.partner.say(text)
        elif word == "SESSION":
            await self.call(rest)
        elif word == "ROOM" and not self.room:
            await self.enter(rest)
        elif word == "ROOM_PEER_MSG" and self.room:
            await self.tell_one(rest)
        else:
            await self.say(f"ERROR invalid command '{word}'")

    async def leave(self):
        peers.pop(self.name, None)
        if self.room:
            await self.tell_room(f"ROOM_PEER_LEFT {self.name}")
            rooms[self.room].discard(self.name)
        if self.partner:
            self.partner.partner = None
            await self.partner.socket.close()


@app.websocket("/")
async def attend(socket: WebSocket):
    await socket.accept()
    word, _, name = (await socket.receive_text()).partition(" ")
    if word != "HELLO" or not name or name in peers:
        await socket.close(1002)
        return
    peers[name] = peer = Peer(socket, name)
    await peer.say("HELLO")
    try:
        while True:
            await peer.take(await socket.receive_text())
    except WebSocketDisconnect:
        await peer.leave()


if __name__ == "__main__":
    serve(app)
