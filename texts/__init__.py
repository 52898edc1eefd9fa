"""Words for people: the Vietnamese and English catalogues, official dates and numbers. Imports `rules` only."""

from texts.catalogue import Language, both, say
from texts.periods import period_text
from texts.said_error import SaidError
from texts.wording import date_text, instant_text, number_text, official_date

__all__ = [
    "Language",
    "SaidError",
    "both",
    "date_text",
    "instant_text",
    "number_text",
    "official_date",
    "period_text",
    "say",
]
