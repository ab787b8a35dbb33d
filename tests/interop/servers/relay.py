#!/usr/bin/env python3
"""A raw relay, as tutorials write it: FastAPI passes each text on to everyone
else in the room. Prints its port."""
from collections import defaultdict

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from serving import serve

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


if __name__ == "__main__":
    serve(app)
