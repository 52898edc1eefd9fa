"""How a deadline was read, said in one line."""

import re
import tomllib
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from config.calendar import load_calendar
from rules.deadline import Deadline, read_deadline
from texts import Language
from texts.deadline import explain_deadline


def read(text: str) -> Deadline:
    return read_deadline(text, document_on=date(2025, 3, 14), calendar=load_calendar())


@pytest.mark.parametrize(
    ("text", "vi"),
    [
        ("Tháng 8/2025", "Tháng 8/2025 → 31/08/2025 (Chủ nhật, ngày nghỉ) → 03/09/2025"),
        ("Tháng 9/2025", "Tháng 9/2025 → 30/09/2025"),
        ("Tháng 4/2025", "Tháng 4/2025 → 30/04/2025 (Thứ tư, ngày nghỉ: Ngày Chiến thắng) → 05/05/2025"),
        (
            "Tháng 01",
            (
                "Tháng 01 → 31/01/2026 (Thứ bảy, ngày nghỉ) → 02/02/2026. "
                "Không ghi năm và kỳ đó của năm 2025 đã qua: hiểu là năm 2026. Cần xác nhận."
            ),
        ),
        ("", "(ô trống) → chưa có ngày hạn. Ô thời hạn để trống: cần một ngày hạn."),
        ("{x}", "{x} → chưa có ngày hạn. Chưa đọc được “{x}”: cần một ngày hạn. Cần xác nhận."),
    ],
)
def test_the_reading_explains_itself_in_one_line(text: str, vi: str) -> None:
    assert explain_deadline(read(text)) == vi


def test_the_english_line_says_the_same() -> None:
    english = explain_deadline(read("Tháng 8/2025"), Language.EN)
    assert english == "Tháng 8/2025 → 31/08/2025 (Sunday, a day off) → 03/09/2025"


ROOT = Path(__file__).parents[2]
WORDS = tomllib.loads((ROOT / "texts" / "words" / "deadline.toml").read_text(encoding="utf-8"))
SOURCES = [path.read_text(encoding="utf-8") for path in (ROOT / "rules" / "deadline").glob("*.py")]


def test_every_step_code_of_the_reader_has_a_sentence() -> None:
    codes = {code for source in SOURCES for code in re.findall(r'Step\("(\w+)"', source)} - {"rolled"}
    assert len(codes) > 30
    assert codes <= WORDS.keys()


@pytest.mark.parametrize("entry", sorted(WORDS))
def test_both_languages_fill_the_same_places(entry: str) -> None:
    places = [{name for _, name, _, _ in Formatter().parse(WORDS[entry][language]) if name} for language in Language]
    assert places[0] == places[1]
