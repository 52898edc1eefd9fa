"""A TCP proxy that can be cut: what a broken cable between two machines looks like from both ends."""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any

_CHUNK = 65536
_AT_ONCE = struct.pack("ii", 1, 0)
_Pair = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class Proxy:
    """Forwards a port of its own on this machine to `target`: a Unix socket's path, or a (host, port).

    Cut, it refuses newcomers and breaks off every connection towards the one who came; the other end hears nothing, as
    a server does not hear that a machine has vanished, until the proxy is healed.
    """

    def __init__(self, target: Path | tuple[str, int]) -> None:
        """Start listening, in a thread of its own."""
        self._target = target
        self._cut = False
        self._pairs: set[_Pair] = set()
        self._kept: list[asyncio.StreamWriter] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        server = self._in_loop(asyncio.start_server(self._serve, "127.0.0.1", 0)).result()
        self.port = int(server.sockets[0].getsockname()[1])

    @property
    def busy(self) -> bool:
        """Whether somebody is connected."""
        return bool(self._pairs)

    def cut(self) -> int:
        """Cut every connection; say how many there were."""
        return int(self._in_loop(self._cut_all()).result())

    def heal(self) -> None:
        """Let connections through again; the silent ends of the old ones hear of it now."""
        self._in_loop(self._heal_all()).result()

    def _in_loop(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _cut_all(self) -> int:
        self._cut = True
        pairs, self._pairs = self._pairs, set()
        for near, far in pairs:
            _break_off(near)
            self._kept.append(far)
        return len(pairs)

    async def _heal_all(self) -> None:
        self._cut = False
        for far in self._kept:
            _break_off(far)
        self._kept.clear()

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        if self._cut:
            _break_off(near)
            return
        answers, far = await self._reach()
        pair = (near, far)
        self._pairs.add(pair)
        await asyncio.gather(self._pump(reader, far, pair), self._pump(answers, near, pair))
        if pair in self._pairs:
            self._pairs.discard(pair)
            near.close()
            far.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pair: _Pair) -> None:
        """Hand on what comes, and the end of it; of a pair that was cut nothing more is handed on."""
        try:
            while data := await reader.read(_CHUNK):
                writer.write(data)
                await writer.drain()
            if pair in self._pairs and writer.can_write_eof():
                writer.write_eof()
        except OSError:
            return

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, Path):
            return await asyncio.open_unix_connection(str(self._target))
        return await asyncio.open_connection(*self._target)


def _break_off(writer: asyncio.StreamWriter) -> None:
    """End a connection as a crash does: with a reset, not a farewell."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()
