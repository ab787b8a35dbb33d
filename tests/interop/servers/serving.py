"""What the servers in Python share: a free port, which is printed. With
TLS_CERTIFICATE and TLS_KEY in the environment they speak TLS."""
import asyncio
import os
import sys

import uvicorn


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print("listening on", port, flush=True)


def serve(app):
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning",
                            ssl_certfile=os.environ.get("TLS_CERTIFICATE"),
                            ssl_keyfile=os.environ.get("TLS_KEY"))
    sys.exit(asyncio.run(Server(config).serve()))
