from datetime import date

import pytest

from config.agencies import load_register

REGISTER = load_register()
COLLECTIVES = {collective.code: collective for collective in REGISTER.collectives}
LAST_DAY_OF_63, FIRST_DAY_OF_34 = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("collective", "day", "members"),
    [
        ("ministries", date(2025, 3, 14), 22),
        ("provinces", LAST_DAY_OF_63, 63),
        ("provinces", FIRST_DAY_OF_34, 34),
        ("everyone", LAST_DAY_OF_63, 85),
        ("everyone", FIRST_DAY_OF_34, 56),
    ],
)
def test_collective_means_its_members_of_the_day(collective: str, day: date, members: int) -> None:
    assert len(REGISTER.members(COLLECTIVES[collective], day)) == members


def test_merged_province_passes_to_its_successor_on_the_day() -> None:
    assert "XKIENGIANG" not in REGISTER.accountable(LAST_DAY_OF_63)
    assert REGISTER.accountable(FIRST_DAY_OF_34)["XKIENGIANG"] == "T89"


def test_split_ministry_waits_for_a_person() -> None:
    assert "BTTTT" not in REGISTER.accountable(FIRST_DAY_OF_34)
    assert REGISTER.accountable(FIRST_DAY_OF_34)["BGTVT"] == "BXD"
