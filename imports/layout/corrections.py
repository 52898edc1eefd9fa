"""What people said that the columns of a table mean: found again by the fingerprint of its headings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from models.mapping_tables import ColumnMapping
from rules.folding import fold
from rules.layout import Field, heading_words
from texts.wording import HANOI

Keys = Mapping[int, str]
_TIER = " / "
_DIGITS = 16


@dataclass(frozen=True)
class Correction:
    """What a post said on a day about one table: the field of each corrected heading, None for "not to be read"."""

    fields: Mapping[str, Field | None]
    by: str
    on: date


@dataclass(frozen=True)
class Corrections:
    """The corrections of one agency's tables, by the fingerprints of their headings."""

    by_fingerprint: Mapping[str, Correction] = field(default_factory=dict)

    def headings(self) -> Iterator[str]:
        """Yield the headings corrected, tier by tier, so that a header of them is found at all."""
        for correction in self.by_fingerprint.values():
            for key in correction.fields:
                yield from key.partition("#")[0].split(_TIER)


NO_CORRECTIONS = Corrections()


def by_agency(stored: Iterable[ColumnMapping]) -> dict[str | None, Corrections]:
    """Return the stored corrections by agency (None: for workbooks that name nobody)."""
    found: dict[str | None, dict[str, Correction]] = defaultdict(dict)
    for row in stored:
        fields = {key: Field(field) if field else None for key, field in row.mapping.items()}
        correction = Correction(fields, row.decided_by, row.recorded_at.astimezone(HANOI).date())
        found[row.agency_code][row.fingerprint] = correction
    return {agency: Corrections(corrections) for agency, corrections in found.items()}


def heading_keys(tiers: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """Return what names each headed column of a table: the words of its headings; a second one alike gets "#2"."""
    seen: Counter[str] = Counter()
    keys = {}
    for column, texts in sorted(tiers.items()):
        words = [heading_words(text) or fold(text) for text in dict.fromkeys(texts)]
        if words:
            key = _TIER.join(words)
            seen[key] += 1
            keys[column] = key if seen[key] == 1 else f"{key}#{seen[key]}"
    return keys


def fingerprint(keys: Keys) -> str:
    """Return the digest of a table's headings in their order; empty columns between them do not count."""
    return sha256("\n".join(key for _, key in sorted(keys.items())).encode()).hexdigest()[:_DIGITS]
