#!/usr/bin/env python3
"""Signalling for ./dev bench fanout, as little as there can be of it: the
protocol of gst-plugins-rs' server, a room for each path, and no limit on the
members of a room, which `peal serve` has.

Prints the port that it listens on; ends with whoever started it.
"""
import asyncio
import json
import secrets

import websockets

rooms = {}     # path -> {id: Client}
sessions = {}  # id -> (producer, consumer)


class Client:
    def __init__(self, socket, room):
        self.socket, self.room = socket, room
        self.id = secrets.token_hex(8)
        self.roles = []

    async def say(self, kind, **rest):
        await self.socket.send(json.dumps({"type": kind, **rest}))


async def set_status(client, message):
    client.roles = message.get("roles", [])
    for other in list(client.room.values()):
        if "listener" in other.roles and "producer" in client.roles:
            await other.say("peerStatusChanged", peerId=client.id,
                            roles=client.roles, meta=message.get("meta"))


async def list_producers(client, _message):
    await client.say("list", producers=[
        {"id": other.id, "meta": {}} for other in client.room.values()
        if "producer" in other.roles])


async def start_session(client, message):
    producer = client.room[message["peerId"]]
    session = secrets.token_hex(8)
    sessions[session] = (producer, client)
    await client.say("sessionStarted", peerId=producer.id, sessionId=session)
    await producer.say("startSession", peerId=client.id, sessionId=session)


async def relay(client, message):
    pair = sessions.get(message["sessionId"])
    if pair:
        await pair[client is pair[0]].socket.send(json.dumps(message))


ANSWERS = {"setPeerStatus": set_status, "list": list_producers,
           "startSession": start_session, "peer": relay, "endSession": relay}


async def serve_client(socket, path=None):
    """@path: told by older versions of the library only."""
    room = rooms.setdefault(path or socket.request.path, {})
    client = Client(socket, room)
    room[client.id] = client
    try:
        await client.say("welcome", peerId=client.id)
        async for text in socket:
            message = json.loads(text)
            answer = ANSWERS.get(message["type"])
            if answer:
                await answer(client, message)
    except websockets.ConnectionClosed:
        pass
    finally:
        del room[client.id]


async def main():
    async with websockets.serve(serve_client, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
