"""An SMTP server process that does what the recipient's address says: `smtp_server.py LOG SECONDS GREETING`.

It prints its port. `rcpt-450@…`, `data-451@…`, `end-552@…` are answered with that code at that step; `drop-rcpt`,
`drop-data`, `drop-text` and `drop-end` close the connection there (`end`: after taking the letter), `hang-rcpt` and
`hang-end` never answer, `slow-end` answers after half a second, `odd-end` in no known code, `echo-end` repeats what
the client logged in with. Everybody else's letter is taken, `SECONDS` after its text came, and written to LOG as a
line of JSON before the answer. A sender `mail-452@…` is answered so; GREETING is a code to greet everybody with.
"""

import asyncio
import json
import sys
from asyncio import StreamReader, StreamWriter
from email import message_from_string
from pathlib import Path

LOG = Path(sys.argv[1])
SECONDS, GREETING = float(sys.argv[2]), int(sys.argv[3])
WORDS = {
    421: "4.3.2 closing",
    450: "4.2.0 mailbox busy",
    451: "4.3.0 local error",
    452: "4.2.2 no room",
    550: "5.1.1 nobody",
    552: "5.3.4 too large",
    554: "5.7.1 no",
}


class Gone(Exception):  # noqa: N818 - what happened to the client
    """The conversation is over."""


class Conversation:
    """One client."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Take both ends."""
        self.reader, self.writer = reader, writer
        self.login = ""

    async def run(self) -> None:
        """Talk until somebody leaves."""
        try:
            await self.say(GREETING)
            while line := await self.reader.readline():
                await self.command(line.decode().strip())
        except (Gone, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    async def say(self, code: int, words: str = "") -> None:
        """Answer."""
        self.writer.write(f"{code} {words or WORDS.get(code, 'ok')}\r\n".encode())
        await self.writer.drain()
        if code == 421:
            raise Gone

    async def command(self, line: str) -> None:
        """Do what one command asks."""
        verb, address = line[:4].upper(), line.partition("<")[2].partition(">")[0]
        if verb == "MAIL":
            asked, _, code = address.partition("@")[0].partition("-")
            await self.say(int(code) if asked == "mail" else 250)
        elif verb == "RCPT":
            self.to = address
            await self.step("rcpt", 250)
        elif verb == "DATA":
            await self.step("data", 354)
            if self.to.startswith("drop-text"):
                await self.reader.readline()
                raise Gone
            text = (await self.reader.readuntil(b"\r\n.\r\n")).decode("ascii")
            await self.take(text[:-5].replace("\r\n..", "\r\n."))
        elif verb == "QUIT":
            await self.say(221)
            raise Gone
        elif verb == "EHLO":
            self.writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
        elif verb == "AUTH":
            self.login = line.rsplit(maxsplit=1)[-1]
            await self.say(535 if self.login.endswith("AHNhaQ==") else 235)
        else:
            await self.say(250)

    async def take(self, text: str) -> None:
        """Take a letter, or do not, and answer as its recipient asks."""
        await asyncio.sleep(0.5 if self.to.startswith("slow-end") else SECONDS)
        asked, _, code = self.to.partition("@")[0].partition("-")
        if asked == "end":
            await self.say(int(code))
            return
        write_down({"to": self.to, "id": message_from_string(text)["Message-ID"], "text": text})
        if self.to.startswith("odd-end"):
            self.writer.write(b"what?\r\n")
        elif self.to.startswith("echo-end"):
            await self.say(250, f"kept for {self.login}")
        else:
            await self.step("end", 250)

    async def step(self, name: str, code: int) -> None:
        """Answer a step with its code, or as the recipient asks."""
        asked, _, more = self.to.partition("@")[0].partition("-")
        if asked == name:
            await self.say(int(more))
        elif (asked, more) == ("drop", name):
            raise Gone
        elif (asked, more) == ("hang", name):
            await asyncio.sleep(600)
        else:
            await self.say(code)


def write_down(letter: dict[str, str]) -> None:
    """Keep what was taken."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(letter) + "\n")


async def main() -> None:
    """Serve until killed."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await Conversation(reader, writer).run()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**24)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
