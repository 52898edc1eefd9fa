"""How dates, instants and numbers are written for people (Decree 30/2020/ND-CP, annex I; number format 1.234,5)."""

from datetime import date, datetime

import pendulum

from texts.catalogue import Language

HANOI = pendulum.timezone("Asia/Ho_Chi_Minh")
_JANUARY_AND_FEBRUARY = (1, 2)


def date_text(day: date) -> str:
    """Return `day` as dd/MM/yyyy."""
    return day.strftime("%d/%m/%Y")


def instant_text(at: datetime) -> str:
    """Return an aware instant as HH:mm dd/MM/yyyy in Hanoi time."""
    return pendulum.instance(at).in_timezone(HANOI).strftime("%H:%M %d/%m/%Y")


def official_date(day: date) -> str:
    """Return `day` as on an official paper: days below 10 and the months 1 and 2 take a leading zero."""
    month = f"{day.month:02d}" if day.month in _JANUARY_AND_FEBRUARY else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def number_text(value: float, decimals: int = 0, language: Language = Language.VI) -> str:
    """Return a number with the separators of the language: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.{decimals}f}"
    return text if language is Language.EN else text.translate(str.maketrans(",.", ".,"))
