#!/usr/bin/env python3
"""A raw relay, as tutorials write it: FastAPI passes each text on to everyone
else in the room. With TLS_CERTIFICATE and TLS_KEY it speaks TLS. Prints its
port."""
import asyncio
import os
import sys
from collections import defaultdict

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
rooms = defaultdict(list)


@app.websocket("/ws/{room}")
async def relay(websocket: WebSocket, room: str):
    await websocket.accept()
    rooms[room].append(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            for other in rooms[room]:
                if other is not websocket:
                    await other.send_text(text)
    except WebSocketDisconnect:
        rooms[room].remove(websocket)


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print("listening on", port, flush=True)


if __name__ == "__main__":
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning",
                            ssl_certfile=os.environ.get("TLS_CERTIFICATE"),
                            ssl_keyfile=os.environ.get("TLS_KEY"))
    sys.exit(asyncio.run(Server(config).serve()))
