"""A real SMTP server that takes every letter and throws it away: `python -m benchmarks.notifications.server`."""

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Takes:
    """Take every letter."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Say yes."""
        return "250 OK"


async def serve() -> None:
    """Print a free port and serve there until killed."""
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Takes()), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
