"""Claims on files of the inbox: a sweep takes files by renaming them, so that no two sweeps take the same one.

A sweep lays files out in bounded claims, `inbox/taking/<sweep>-<number>/`, and whoever renames a claim first works it:
the sweep itself or a run it invited. A claim's holder touches it as it goes; one that is not touched any more, because
its holder was killed or cut off, is laid out again or goes back to the inbox. Claims only save work: that nothing is
recorded twice is seen to by recording itself. A holder that died on this machine is known at once.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePath
from secrets import token_hex

from imports.inbox import NOBODY, TAKING, Waiting
from imports.uploads import kept_name

_HOLDER = ".holder"


class ClaimState(StrEnum):
    """Where a claim stands; the state is the end of its folder's name."""

    LAID_OUT = "waiting"
    BEGUN = "begun"
    AGAIN = "again"  # what is left in it wants an annex that may come later in the same sweep
    LEFT = "left"  # its holder gave up: the next sweep takes the rest back at once


@dataclass(frozen=True)
class Claim:
    """Some files of one sweep, in a folder of their own."""

    folder: Path

    @property
    def name(self) -> str:
        """The claim's name, the same in every state."""
        return self.folder.stem

    @property
    def state(self) -> ClaimState:
        """Where the claim stands."""
        return ClaimState(self.folder.suffix.removeprefix("."))

    @property
    def files(self) -> list[Waiting]:
        """The files still in the claim, in the order the sweep found them."""
        return [_waiting(file) for place in _inside(self.folder) for file in _inside(place)]

    def hold(self) -> None:
        """Write down which process has the claim."""
        try:
            (self.folder / _HOLDER).write_text(_this_process(), encoding="utf-8")
        except FileNotFoundError:
            return

    def touch(self) -> None:
        """Say that the claim is still worked on; a claim that was taken away meanwhile stays so."""
        try:
            os.utime(self.folder)
        except FileNotFoundError:
            return

    def becomes(self, state: ClaimState) -> "Claim | None":
        """Give the claim another state; None when somebody else did so first."""
        moved = self.folder.with_suffix(f".{state}")
        self.touch()
        try:
            self.folder.rename(moved)
        except OSError:  # gone, or there under both names: either way it is somebody else's
            return None
        return Claim(moved)

    def clear(self) -> None:
        """Remove the claim's folder once no file is left in it."""
        for folder in _inside(self.folder):
            _remove(folder)
        if not self.files:
            (self.folder / _HOLDER).unlink(missing_ok=True)
            _remove(self.folder)


def lay_out(found: Sequence[Waiting], *, inbox: Path, sweep: str, size: int) -> list[Claim]:
    """Take the files of `found` into claims of at most `size`; passed over: what others took, what cannot be taken."""
    claims = []
    for number, start in enumerate(range(0, len(found), size)):
        claim = Claim(inbox / TAKING / f"{sweep}-{number:04}.{ClaimState.BEGUN}")
        claim.folder.mkdir(parents=True)
        claim.hold()
        for place, waits in enumerate(found[start : start + size]):
            _take(waits, claim.folder / f"{place:04}.{waits.agency or NOBODY}")
        claim.clear()  # where other sweeps took all of them
        laid_out = claim.becomes(ClaimState.LAID_OUT) if claim.files else None
        if laid_out is not None:
            claims.append(laid_out)
    return claims


def claims_of(inbox: Path, sweep: str = "") -> list[Claim]:
    """Return the claims there are, of one sweep or of all, in the order of their names."""
    states = {f".{state}" for state in ClaimState}
    folders = [each for each in _inside(inbox / TAKING) if each.suffix in states]
    return [each for each in map(Claim, folders) if sweep in {"", sweep_of(each.name)}]


def sweep_of(name: str) -> str:
    """Return the sweep that laid out the claim of this name."""
    return name.rpartition("-")[0]


def begin(inbox: Path, name: str) -> Claim | None:
    """Become the holder of a claim laid out under `name`; None when somebody else did, or it went back."""
    held = Claim(inbox / TAKING / f"{name}.{ClaimState.LAID_OUT}").becomes(ClaimState.BEGUN)
    if held is not None:
        held.hold()
    return held


def lay_out_again(inbox: Path, sweep: str, *, untouched_since: datetime) -> int:
    """Lay out again the claims of a sweep whose holder stopped touching them; say how many."""
    begun = [each for each in claims_of(inbox, sweep) if each.state is ClaimState.BEGUN]
    silent = [each for each in begun if _is_silent_since(each, untouched_since)]
    return sum(each.becomes(ClaimState.LAID_OUT) is not None for each in silent)


def give_back(inbox: Path, *, untouched_since: datetime) -> int:
    """Return to the inbox what was given up, and what nobody has touched since; say how many files.

    A file that cannot go back keeps none of the others; its claim stays `LEFT`.
    """
    given_back = 0
    for claim in claims_of(inbox):
        if claim.state is not ClaimState.LEFT and not _is_silent_since(claim, untouched_since):
            continue
        held = claim.becomes(ClaimState.BEGUN)
        if held is None:
            continue
        given_back += sum(_return(waits, inbox) for waits in held.files)
        held.clear()
        if held.files:
            held.becomes(ClaimState.LEFT)
    return given_back


def _take(waits: Waiting, place: Path) -> None:
    place.mkdir()
    try:
        waits.file.rename(place / waits.file.name)
    except OSError:  # gone, or in a folder that lets nothing go
        place.rmdir()


def _return(waits: Waiting, inbox: Path) -> bool:
    """Put the file back under a name that is free; False when it is gone or cannot go back."""
    folder = inbox / (waits.agency or NOBODY)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _linked_back(waits.file, folder)
    except OSError:
        return False


def _linked_back(file: Path, folder: Path) -> bool:
    """Link the file back first and remove it here after: killed in between, the next to come removes it here.

    What may not be linked, as another account's file on most systems, is renamed to a name nobody else gives.
    """
    for name in _free_names(file):
        try:
            os.link(file, folder / name)
        except FileExistsError:
            if not _same(file, folder / name):
                continue
        except FileNotFoundError:
            return False
        except OSError:
            file.rename(folder / _named(file, token_hex(4)))
            return True
        file.unlink(missing_ok=True)
        return True
    return False


def _same(file: Path, other: Path) -> bool:
    try:
        return file.samefile(other)
    except FileNotFoundError:
        return False


def _free_names(file: Path) -> Iterator[str]:
    """Yield the file's own name, then others: a newer file may have come under the same name."""
    yield file.name
    yield from (_named(file, str(number)) for number in range(2, 1000))


def _named(file: Path, mark: str) -> str:
    name = PurePath(kept_name(file.name))
    return f"{name.stem}.{mark}{name.suffix}"


def _waiting(file: Path) -> Waiting:
    agency = file.parent.name.partition(".")[2]
    return Waiting(file, None if agency == NOBODY else agency)


def _is_silent_since(claim: Claim, instant: datetime) -> bool:
    if _holder_died_here(claim):
        return True
    try:
        return claim.folder.stat().st_mtime < instant.timestamp()
    except FileNotFoundError:  # somebody else's by now
        return False


def _holder_died_here(claim: Claim) -> bool:
    """Whether the claim's holder was a process of this machine that is no more; of other machines nothing is known."""
    try:
        host, process, began = (claim.folder / _HOLDER).read_text("utf-8").split()
    except (FileNotFoundError, ValueError):
        return False
    return host == socket.gethostname() and began != _began(process)


def _this_process() -> str:
    process = str(os.getpid())
    return f"{socket.gethostname()} {process} {_began(process)}"


def _began(process: str) -> str:
    """Return when a process was started, in the system's own count: a number is given to another process in time."""
    try:
        told = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return "-"
    return "-" if told[0] == "Z" else told[19]


def _remove(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # not empty, or somebody else was quicker
        return


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name != _HOLDER)
    except (FileNotFoundError, NotADirectoryError):
        return []
