"""What became of a decision: recorded, the same as before, or refused with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from texts import Language, say

RECORDED, UNCHANGED, REFUSED = "recorded", "unchanged", "refused"


@dataclass(frozen=True)
class Refusal:
    """Why a decision is not taken: a code with its sentence in `texts/words/decision.toml`, and what fills it."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """`action` as asked; `outcome` is recorded, unchanged or refused; `audit` the id of its audit entry, if any."""

    action: str
    outcome: str
    audit: int | None = None
    refusal: Refusal | None = None

    @property
    def message(self) -> str:
        """Say what became of it, in Vietnamese with English beside."""
        return " / ".join(map(self.said, Language))

    def said(self, language: Language) -> str:
        """Say what became of it in one language."""
        if self.refusal is not None:
            return say(f"decision.{self.refusal.code}", language, **self.refusal.values)
        action = say(f"decision.action_{self.action}", language)
        return say(f"decision.{self.outcome}", language, audit=self.audit or "–", action=action)
