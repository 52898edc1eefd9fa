"""Hostile files and names: inert everywhere, shown as text, refused in words; nothing read that need not be."""

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest

from models import Store
from models.uploads import Stage
from portal.app import create_app
from portal.collecting import bounded
from portal.desk import Desk
from rules.access import Role
from tests.goldens.files import content_of
from tests.imports.workbooks import annex, report, task, told
from tests.portal.conftest import Browser, SignIn
from tests.portal.sending import number_of, recorded, send, sent, settled

SCRIPT = "<script>alert(1)</script>"
NAMES = [
    "../../../etc/cron.d/x.xlsx",
    "..\\..\\windows\\x.xlsx",
    f"{{{{7*7}}}}{SCRIPT}.xlsx",
    'x" onmouseover="alert(1).xlsx',
    "=báo cáo\u202excod.xlsx",
    "a\r\nSet-Cookie: x=1.xlsx",
    "x'; DROP TABLE upload; --" + "n" * 400 + ".xlsx",
]


@pytest.fixture
def office(sign_in: SignIn) -> Browser:
    """Sign in somebody of the secretariat."""
    return sign_in(Role.SECRETARIAT)


def test_names_are_text_everywhere(office: Browser, desk: Desk, store: Store) -> None:
    numbers = {name: number_of(send(office, annex(task(1, deadline="31/02/2025")), name)) for name in NAMES}
    for name, number in numbers.items():
        stage, page = settled(office, store, number)
        assert stage is Stage.REFUSED, name
        for text in (page, office.get("/uploads").text):
            assert SCRIPT not in text
            assert "\u202e" not in text
            assert 'onmouseover="alert' not in text
            assert "49" not in text.split("<title>")[1].split("</title>")[0]
        copy = office.get(f"/uploads/{number}/annotated")
        assert copy.status_code == 200
        assert "set-cookie" not in {key for key in copy.headers if "x=1" in copy.headers[key]}
        assert "\n" not in copy.headers["content-disposition"]
    folders = list((Path(desk.data) / "uploads").iterdir())
    assert all(len(path.name) == 32 and path.name.isalnum() for path in folders)
    assert {file.name for folder in folders for file in folder.iterdir()} == {"workbook", "annotated"}


def test_words_of_a_workbook_are_text_in_every_page(office: Browser, store: Store) -> None:
    hostile = f"{SCRIPT}{{{{7*7}}}} =cmd|' /C calc'!A0"
    number, _ = recorded(office, store, annex(task(1, text=hostile), task(2, deadline="Tháng 7/2025")))
    again, stage, page = sent(
        office, store, annex(task(1, text=hostile + " sửa"), task(2, deadline=f"31/02/2025 {SCRIPT}"))
    )
    paths = (f"/uploads/{number}", "/batches/1", "/batches/1/undo")
    pages = [page, *(office.get(path).text for path in paths)]
    assert stage in {Stage.REFUSED, Stage.CHECKED}
    for text in [*pages, office.get(f"/uploads/{number}/changes/new").text, office.get(f"/uploads/{again}").text]:
        assert SCRIPT not in text
    assert "&lt;script&gt;" in pages[2]


TRAPS = {
    "ratio-bomb.xlsx": "nén chặt bất thường",
    "billion-laughs.xlsx": "bị hỏng",
    "with-a-password.xlsx": "mật khẩu",
    "word-document.xlsx": "Word",
    "empty-file.xlsx": "rỗng",
}


def test_traps_are_refused_in_words(office: Browser, store: Store) -> None:
    numbers = {name: number_of(send(office, content_of(name), name)) for name in TRAPS}
    for name, number in numbers.items():
        stage, page = settled(office, store, number)
        assert stage is Stage.REFUSED, name
        assert TRAPS[name] in page, name


def test_a_wrong_ending_is_read_as_what_it_is(office: Browser, store: Store) -> None:
    _, stage, page = sent(office, store, annex(task(1)), "phu-luc.csv")
    assert stage is Stage.CHECKED
    assert "thật ra là .xlsx" in page


def test_macros_are_carried_and_never_run(office: Browser, store: Store) -> None:
    _, stage, _ = sent(office, store, content_of("with-macros.xlsm"), "with-macros.xlsm")
    assert stage is Stage.CHECKED


def test_a_second_file_while_the_first_is_checked(office: Browser, store: Store) -> None:
    numbers = [number_of(send(office, annex(*(task(n) for n in range(1, 200))), f"{n}.xlsx")) for n in range(3)]
    assert [settled(office, store, number)[0] for number in numbers] == [Stage.CHECKED] * 3


def test_only_one_file_of_a_form_counts(office: Browser, store: Store) -> None:
    two = [("file", ("1.xlsx", annex(task(1)))), ("file", ("2.xlsx", annex(task(2))))]
    assert settled(office, store, number_of(office.send("/uploads/new", "/uploads", files=two)))[0] is Stage.CHECKED


def test_what_announces_too_much_is_refused_before_it_is_read(office: Browser, desk: Desk) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    headers = {"content-length": str(bounded.MOST_BYTES + 1), "content-type": "multipart/form-data; boundary=x"}
    answer = office.request("POST", "/uploads", content=never(), headers=headers)
    assert answer.status_code == 413
    assert "quá 64 MB" in answer.text
    assert not (Path(desk.data) / "uploads").exists()


def test_what_is_longer_than_it_said_is_refused(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_BYTES", 10_000)
    pieces = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal pieces
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.xlsx"\r\n\r\n'
        while pieces < 1000:
            pieces += 1
            yield b"0" * 1000

    headers = {"content-type": "multipart/form-data; boundary=x", "transfer-encoding": "chunked"}
    answer = office.request("POST", "/uploads", content=endless(), headers=headers)
    assert answer.status_code == 413


def test_nothing_is_kept_of_somebody_not_signed_in_or_of_a_foreign_form(office: Browser, desk: Desk) -> None:
    stranger = Browser(create_app(desk))
    assert stranger.request("POST", "/uploads", files={"file": ("x.xlsx", b"x")}).status_code == 303
    foreign = office.request("POST", "/uploads", data={"form_token": "x"}, files={"file": ("x.xlsx", b"x")})
    assert foreign.status_code == 403
    assert not (Path(desk.data) / "uploads").exists()


def test_a_folder_inside_a_package_leads_nowhere(office: Browser, desk: Desk, store: Store) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../out.xml", "x")
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("[Content_Types].xml", "x")
    _, stage, _ = sent(office, store, packed.getvalue())
    assert stage is Stage.REFUSED
    assert not list(Path(desk.data).parent.rglob("out.xml"))


def test_a_report_of_nobody_known_is_refused_for_a_focal_point_too(store: Store, sign_in: SignIn) -> None:
    focal = sign_in(Role.FOCAL_POINT, "BYT")
    _, stage, page = sent(focal, store, report(told(1, "Đang thực hiện"), issuer=SCRIPT), "x.xlsx")
    assert stage is Stage.REFUSED
    assert SCRIPT not in page
