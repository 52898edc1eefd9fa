"""A backup at rest under a key: AES-256-GCM over chunks, so that it is written and read as a stream of any length.

The file is a header (form, salt, nonce prefix, a proof of the key) and chunks, each with its tag. A chunk's nonce
holds its number and whether it is the last: none can be changed, moved, left out or cut off unnoticed.
"""

import hmac
import io
import os
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"DONDOC-BACKUP-1\n"
_SALT, _PREFIX, _PROOF, _TAG = 16, 7, 32, 16
_HEADER = len(MAGIC) + _SALT + _PREFIX + _PROOF
CHUNK = 64 * 1024


class WrongKeyError(Exception):
    """The key does not open the file, or the file's header is damaged."""


class AlteredError(Exception):
    """A chunk was changed, moved, or the file was cut."""


@dataclass(frozen=True)
class _Sealer:
    """The cipher of one file and what its nonces and header are made of."""

    cipher: AESGCM
    prefix: bytes
    header: bytes

    def nonce(self, number: int, *, last: bool) -> bytes:
        """Return the nonce of a chunk: used once under this file's key."""
        return self.prefix + number.to_bytes(4) + bytes([last])


def _sealer(passphrase: str, salt: bytes, prefix: bytes) -> _Sealer:
    keys = Scrypt(salt=salt, length=64, n=2**15, r=8, p=1).derive(passphrase.encode())
    before = MAGIC + salt + prefix
    return _Sealer(AESGCM(keys[:32]), prefix, before + hmac.digest(keys[32:], before, "sha256"))


class Encrypting:
    """A stream to write plain bytes to; `finish` seals the last chunk. Nothing plain reaches `out`."""

    def __init__(self, out: IO[bytes], passphrase: str) -> None:
        """Begin a file on `out` under `passphrase`."""
        self._out, self._waiting, self._number = out, bytearray(), 0
        self._sealer = _sealer(passphrase, os.urandom(_SALT), os.urandom(_PREFIX))
        out.write(self._sealer.header)

    def write(self, data: bytes) -> int:
        """Take plain bytes; a full chunk is sealed as soon as another byte follows it."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Do nothing: a chunk is sealed when it is full."""

    def finish(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = self._sealer.nonce(self._number, last=last)
        self._out.write(self._sealer.cipher.encrypt(nonce, plain, self._sealer.header))
        self._number += 1


class Decrypting(io.RawIOBase):
    """A readable, seekable view of a sealed file; the plain bytes stay in memory, a chunk at a time."""

    def __init__(self, sealed: IO[bytes], passphrase: str) -> None:
        """Open `sealed`; raises WrongKeyError, or AlteredError for a file that ends within its header or a chunk."""
        super().__init__()
        self._sealed, self._at = sealed, 0
        size = sealed.seek(0, io.SEEK_END)
        sealed.seek(0)
        header = sealed.read(_HEADER)
        if len(header) < _HEADER:
            raise AlteredError
        salt, prefix = header[len(MAGIC) :][:_SALT], header[len(MAGIC) + _SALT :][:_PREFIX]
        self._sealer = _sealer(passphrase, salt, prefix)
        if not hmac.compare_digest(self._sealer.header, header):
            raise WrongKeyError
        self._chunks, rest = divmod(size - _HEADER, CHUNK + _TAG)
        self._chunks += 1 if rest else 0
        if not self._chunks or 0 < rest < _TAG:
            raise AlteredError
        self._size = size - _HEADER - self._chunks * _TAG
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that it can be read from any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the plain bytes."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill `buffer` with plain bytes of one chunk; raises AlteredError when the chunk is not as it was sealed."""
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, CHUNK)
        part = self._chunk(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._sealed.seek(_HEADER + number * (CHUNK + _TAG))
            nonce = self._sealer.nonce(number, last=number == self._chunks - 1)
            try:
                plain = self._sealer.cipher.decrypt(nonce, self._sealed.read(CHUNK + _TAG), self._sealer.header)
            except InvalidTag:
                raise AlteredError from None
            self._held = number, plain
        return self._held[1]
