#!/usr/bin/env python3
"""A python-socketio room server, as tutorials write it: snake_case in, names
of its own out. Prints its port."""
import asyncio

import socketio

from serving import serve

sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
app = socketio.ASGIApp(sio)
rooms = {}


@sio.event
async def join_room(sid, data):
    room = data["room"]
    others = [{"sid": other} for other in rooms.setdefault(room, [])]
    rooms[room].append(sid)
    await sio.enter_room(sid, room) if asyncio.iscoroutinefunction(
        sio.enter_room) else sio.enter_room(sid, room)
    await sio.emit("existing-users", others, to=sid)
    await sio.emit("user-joined", {"sid": sid}, room=room, skip_sid=sid)


@sio.event
async def offer(sid, data):
    await sio.emit("offer", {"from": sid, "offer": data["offer"]},
                   to=data["target"])


@sio.event
async def answer(sid, data):
    await sio.emit("answer", {"from": sid, "answer": data["answer"]},
                   to=data["target"])


@sio.event
async def ice_candidate(sid, data):
    await sio.emit("ice-candidate",
                   {"from": sid, "candidate": data["candidate"]},
                   to=data["target"])


@sio.event
async def disconnect(sid, reason=None):
    for room, sids in rooms.items():
        if sid in sids:
            sids.remove(sid)
            await sio.emit("user-left", {"sid": sid}, room=room)


if __name__ == "__main__":
    serve(app)
