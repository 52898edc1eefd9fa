"""Broken copies of good files: bits flipped, ends cut off, parts swapped, sizes that lie. The same ones every time."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from tests.goldens.packages import packed, parts_of

Mutation = Callable[[Random, bytes], bytes]
_NUMBER = re.compile(rb'(?<=["=>A-Z])\d{1,7}(?=["<])')
_EXTREMES = (b"0", b"-1", b"1048577", b"16385", b"4294967295", b"99999999999999999999", b"1e308", b"NaN", b"")
_TOKENS = (
    b'"',
    b";",
    b",",
    b"\t",
    b"\x00",
    b"\xff",
    b"\r",
    b"\n",
    b'"\n',
    b"\xf0\x9f",
    b"\xcc\xcc",
    b"=",
    b"\xef\xbb\xbf",
)
_SIGNATURE = b"PK\x01\x02"


def mutants(reader: str, seeds: Sequence[bytes], count: int) -> Iterator[bytes]:
    """Yield `count` broken copies of `seeds`, each broken in one to three ways that fit the reader."""
    ways = MUTATIONS[reader]
    for number in range(count):
        chance = Random(f"{reader} {number}")  # noqa: S311 - the same breaks every time
        broken = seeds[number % len(seeds)]
        for _ in range(chance.choice((1, 1, 2, 3))):
            broken = chance.choice(ways)(chance, broken)
        yield broken


def flip_bits(chance: Random, content: bytes) -> bytes:
    """Flip one bit to sixty-four of them."""
    broken = bytearray(content)
    for _ in range(chance.choice((1, 4, 64)) if broken else 0):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def cut_off(chance: Random, content: bytes) -> bytes:
    """Keep only a beginning."""
    return content[: chance.randrange(len(content) + 1)]


def drop_a_piece(chance: Random, content: bytes) -> bytes:
    """Take a piece out of the middle."""
    first, last = _piece(chance, content)
    return content[:first] + content[last:]


def repeat_a_piece(chance: Random, content: bytes) -> bytes:
    """Write a piece twice."""
    first, last = _piece(chance, content)
    return content[:last] + content[first:]


def write_noise(chance: Random, content: bytes) -> bytes:
    """Write random bytes, or zeros, over a piece."""
    first, last = _piece(chance, content)
    noise = chance.choice((chance.randbytes(last - first), bytes(last - first)))
    return content[:first] + noise + content[last:]


def put_tokens_in(chance: Random, content: bytes) -> bytes:
    """Write separators, quotation marks, zeros and halves of letters in."""
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(content) + 1)
        content = content[:at] + chance.choice(_TOKENS) + content[at:]
    return content


def other_encoding(chance: Random, content: bytes) -> bytes:
    """Write the text in another encoding, or claim another one."""
    text = content.decode("utf-8", "replace")
    codec = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1258", "utf-32", "utf-7"))
    return chance.choice((b"", b"\xff\xfe", b"\xef\xbb\xbf")) + text.encode(codec, "replace")


def swap_parts(chance: Random, content: bytes) -> bytes:
    """Let two parts of the package change places."""
    return _repacked(chance, content, _swap_two)


def lose_a_part(chance: Random, content: bytes) -> bytes:
    """Leave one part out."""
    return _repacked(chance, content, lambda dice, parts: parts.pop(dice.choice(list(parts))))


def part_of_noise(chance: Random, content: bytes) -> bytes:
    """Make one part random bytes."""

    def change(dice: Random, parts: dict[str, bytes]) -> None:
        parts[dice.choice(list(parts))] = dice.randbytes(dice.choice((0, 1, 300, 20_000)))

    return _repacked(chance, content, change)


def break_a_part(chance: Random, content: bytes) -> bytes:
    """Break the content of one part and pack it again, so that the package itself is whole."""

    def change(dice: Random, parts: dict[str, bytes]) -> None:
        name = dice.choice([name for name in parts if "sheet" in name or "content" in name] or list(parts))
        parts[name] = dice.choice(BYTES)(dice, parts[name])

    return _repacked(chance, content, change)


def extreme_numbers(chance: Random, content: bytes) -> bytes:
    """Put numbers no sheet has into the XML of one part: addresses, styles, indices."""

    def change(dice: Random, parts: dict[str, bytes]) -> None:
        name = dice.choice(list(parts))
        share = dice.choice((0.005, 0.05, 0.5))
        parts[name] = _NUMBER.sub(lambda n: dice.choice(_EXTREMES) if dice.random() < share else n[0], parts[name])

    return _repacked(chance, content, change)


def part_twice(chance: Random, content: bytes) -> bytes:
    """List one part twice, the second time with other content."""
    parts = _parts(content)
    if not parts:
        return flip_bits(chance, content)
    made = io.BytesIO(content)
    name = chance.choice(list(parts))
    with zipfile.ZipFile(made, "a") as package:
        del package.NameToInfo[name]  # else the library warns, and the warning is the point
        package.writestr(name, flip_bits(chance, parts[name]))
    return made.getvalue()


def lying_list(chance: Random, content: bytes) -> bytes:
    """Let the package's list lie about a size, a checksum, a method or a place."""
    entries = [found.start() for found in re.finditer(re.escape(_SIGNATURE), content)]
    if not entries:
        return flip_bits(chance, content)
    broken = bytearray(content)
    at = chance.choice(entries) + chance.choice((8, 10, 16, 20, 24, 42))
    size = 2 if at < 16 else 4
    value = chance.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32)))
    broken[at : at + size] = struct.pack("<I", value & 0xFFFFFFFF)[:size]
    return bytes(broken)


BYTES: tuple[Mutation, ...] = (flip_bits, cut_off, drop_a_piece, repeat_a_piece, write_noise)
_PACKAGE: tuple[Mutation, ...] = (swap_parts, lose_a_part, part_of_noise, part_twice, lying_list)
_INSIDE: tuple[Mutation, ...] = (break_a_part, break_a_part, break_a_part, extreme_numbers, extreme_numbers)
MUTATIONS: Mapping[str, tuple[Mutation, ...]] = {
    "xlsx": (*BYTES, *_PACKAGE, *_INSIDE),
    "xlsm": (*BYTES, *_PACKAGE, *_INSIDE),
    "xlsb": (*BYTES, *_PACKAGE, *_INSIDE),
    "ods": (*BYTES, *_PACKAGE, *_INSIDE),
    "xls": (*BYTES, flip_bits, flip_bits, write_noise),
    "csv": (*BYTES, put_tokens_in, put_tokens_in, other_encoding),
}


def _piece(chance: Random, content: bytes) -> tuple[int, int]:
    first = chance.randrange(len(content) + 1)
    return first, min(len(content), first + chance.choice((1, 16, 512, 4096)))


def _parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package that is still whole enough, none of one broken before."""
    try:
        return parts_of(content)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return {}


def _repacked(chance: Random, content: bytes, change: Callable[[Random, dict[str, bytes]], object]) -> bytes:
    parts = _parts(content)
    if not parts:
        return flip_bits(chance, content)
    change(chance, parts)
    return packed(parts)


def _swap_two(chance: Random, parts: dict[str, bytes]) -> None:
    one, other = chance.choice(list(parts)), chance.choice(list(parts))
    parts[one], parts[other] = parts[other], parts[one]
