"""Lead cells against the shipped register, for a document of 14 March 2025."""

from datetime import date

import pytest

from config.agencies import load_register
from rules.leads import LeadReader, LeadReading

SIGNED_ON = date(2025, 3, 14)
READER = LeadReader(load_register(), SIGNED_ON)


def holders(text: str, on: date = SIGNED_ON) -> list[str]:
    reader = READER if on == SIGNED_ON else LeadReader(load_register(), on)
    return [holder.agency for holder in reader.read(text).holders]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bộ Khoa học và Công nghệ", ["BKHCN"]),
        ("Bộ Khoa học\nvà Công nghệ", ["BKHCN"]),
        ("bộ khoa hoc & cong nghe", ["BKHCN"]),
        ("Bộ KH&CN", ["BKHCN"]),
        ("BỘ VĂN HOÁ, THỂ THAO VÀ DU LỊCH", ["BVHTTDL"]),
        ("Bộ VH,TT&DL", ["BVHTTDL"]),
        ("Bo\u0302\u0323 Y te\u0302\u0301", ["BYT"]),
        ("BCA", ["BCA"]),
        ("Ngân hàng Nhà nước", ["NHNN"]),
        ("Ngân hàng Nhà nước Việt Nam", ["NHNN"]),
        ("TTCP", ["TTCP"]),
        ("Ủy ban nhân dân tỉnh Nghệ An", ["T40"]),
        ("Uỷ ban nhân dân Thành phố Hà Nội", ["T01"]),
        ("UBND TP.HCM", ["T79"]),
        ("UBND TP. Hồ Chí Minh", ["T79"]),
        ("Bà Rịa - Vũng Tàu", ["XBARIAVUNGTAU"]),
    ],
)
def test_one_body_however_it_is_written(text: str, expected: list[str]) -> None:
    assert holders(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bộ trưởng Bộ Y tế", ["BYT"]),
        ("Bộ trưởng Công an", ["BCA"]),
        ("Chủ tịch UBND thành phố Hà Nội", ["T01"]),
        ("Thống đốc Ngân hàng Nhà nước", ["NHNN"]),
        ("Tổng Thanh tra Chính phủ", ["TTCP"]),
        ("Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ", ["VPCP"]),
    ],
)
def test_a_head_means_the_body(text: str, expected: list[str]) -> None:
    assert holders(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bộ Công an; Bộ Tài chính",
        "Bộ Công an, Bộ Tài chính",
        "Bộ Công an và Bộ Tài chính",
        "Bộ Công an\nBộ Tài chính",
        "1. Bộ Công an\n2. Bộ Tài chính",
        "- Bộ Công an\n- Bộ Tài chính",
        "Các Bộ: Công an, Tài chính",
        "Bộ Công an, Tài chính",
        "Các bộ Công an và Tài chính",
        "Bộ Công an; Bộ Tài chính; Bộ Công an",
    ],
)
def test_several_leads_however_they_are_separated(text: str) -> None:
    assert holders(text) == ["BCA", "BTC"]
    assert READER.read(text).several


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bộ Công an (phối hợp Bộ Tài chính)", ["BCA"]),
        ("Bộ Công an chủ trì, phối hợp với Bộ Tài chính", ["BCA"]),
        ("Chủ trì: Bộ Công an; phối hợp: Bộ Tài chính", ["BCA"]),
        ("Bộ Công an chủ trì; Bộ Tài chính phối hợp", ["BCA"]),
        ("Bộ Công an chủ trì, Bộ Tài chính phối hợp", ["BCA"]),
        ("Bộ Tài chính (phối hợp), Bộ Công an (chủ trì)", ["BCA"]),
        ("Bộ Công an chủ trì, phối hợp", ["BCA"]),
        ("Bộ Công an\nBộ Y tế, Bộ Tài chính phối hợp", ["BCA"]),
        ("Bộ Tài chính phối hợp", []),
        ("Ban Chỉ đạo của Chính phủ (Tổ công tác triển khai Đề án 06)", ["BCD57"]),
        ("UBND thành phố Huế (BCĐ TP Huế - Kế hoạch 98/KH-BCĐ)", ["T46"]),
    ],
)
def test_what_is_added_is_no_lead(text: str, expected: list[str]) -> None:
    assert holders(text) == expected
    assert not READER.read(text).several


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Các bộ, ngành, địa phương", 85),
        ("Các bộ, ngành và địa phương", 85),
        ("Mỗi bộ, ngành, địa phương", 85),
        ("Thủ trưởng các bộ, ngành, địa phương", 85),
        ("Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ, UBND các tỉnh, thành phố trực thuộc Trung ương", 85),
        ("Bộ trưởng, Thủ trưởng cơ quan ngang bộ, cơ quan thuộc Chính phủ, Chủ tịch UBND tỉnh, thành phố", 85),
        ("Các bộ, ngành", 22),
        ("UBND các tỉnh, thành phố trực thuộc Trung ương", 63),
        ("Ủy ban nhân dân các tỉnh, thành phố", 63),
    ],
)
def test_a_collective_is_its_members_of_the_day(text: str, count: int) -> None:
    reading = READER.read(text)
    assert len({holder.agency for holder in reading.holders}) == count
    assert {holder.collective for holder in reading.holders} == set(reading.collectives)
    assert not reading.several


@pytest.mark.parametrize(("day", "count"), [(date(2025, 6, 30), 63), (date(2025, 7, 1), 34)])
def test_provinces_before_and_after_the_merger(day: date, count: int) -> None:
    assert len(holders("Các địa phương", day)) == count


def test_a_member_beside_its_collective_is_counted_once() -> None:
    reading = READER.read("Bộ Công an; các bộ, ngành, địa phương")
    assert len(reading.holders) == 85
    assert reading.holders[0].collective is None
    assert reading.several


def test_a_list_of_provinces_under_a_heading_is_that_list() -> None:
    assert holders("UBND các tỉnh: Nghệ An, Hà Tĩnh") == ["T40", "T42"]
    assert holders("UBND các tỉnh, thành phố: Hà Nội, Huế") == ["T01", "T46"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(không nêu cơ quan chủ trì)",
        "Đơn vị hành chính cấp huyện, cấp xã đã hoàn thành số hóa",
        "Các bộ, ngành, địa phương là chủ quản cơ sở dữ liệu",
        "Các đơn vị thuộc bộ, ngành, địa phương",
        "Các địa phương đã hoàn thành số hóa dữ liệu hộ tịch (Bộ Tư pháp đôn đốc)",
        "Các bộ, ngành, địa phương, doanh nghiệp",
        "Các bộ, ngành liên quan, địa phương",
        "6 thành phố trực thuộc Trung ương",
        "Sở Y tế Hà Nội",
        "Bộ Y tế và các đơn vị liên quan",
        "TTgCP",
        "Thủ tướng Chính phủ",
        "UBND các tỉnh, thành phố, Hà Nội",
    ],
)
def test_words_nobody_answers_to_leave_nobody_accountable(text: str) -> None:
    assert not READER.read(text).holders


def test_a_body_abolished_before_the_document_passes_to_its_successor() -> None:
    reading = READER.read("Bộ Kế hoạch và Đầu tư; Bộ TN&MT")
    assert [holder.agency for holder in reading.holders] == ["BTC", "BNNMT"]
    assert [(former.code, former.successor) for former in reading.former] == [("BKHDT", "BTC"), ("BTNMT", "BNNMT")]


def test_a_split_body_waits_for_a_person() -> None:
    reading = READER.read("Bộ Thông tin và Truyền thông")
    assert not reading.holders
    assert [(former.successor, former.split) for former in reading.former] == [("BKHCN", True)]


@pytest.mark.parametrize(("day", "expected"), [(date(2025, 2, 28), ["BKHDT"]), (date(2025, 3, 1), ["BTC"])])
def test_the_last_day_of_a_body_and_the_day_after(day: date, expected: list[str]) -> None:
    assert holders("Bộ Kế hoạch và Đầu tư", day) == expected


def test_the_same_text_is_read_once() -> None:
    first: LeadReading = READER.read("Bộ Nội vụ")
    assert READER.read("Bộ Nội vụ") is first


@pytest.mark.parametrize(
    "text",
    [
        "Các bộ, ngành (trừ Bộ Quốc phòng)",
        "Các bộ, ngành, ngoại trừ Bộ Quốc phòng",
        "Các bộ, ngành (không bao gồm Bộ Quốc phòng)",
    ],
)
def test_a_collective_but_for_some_is_left_to_a_person(text: str) -> None:
    assert holders(text) == []
    assert "BQP" in holders("Các bộ, ngành")
