"""Originals read against what is stored: annexes sent again with something changed, moved, reworded or missing."""

from tests.goldens.originals import original
from tests.goldens.pages import DECREE, FEES, RECORDS, Row, annex, book
from tests.goldens.report_shapes import MONTHLY, SHARED, TRAINING

HEALTH: tuple[Row, ...] = (
    (1, "Triển khai hồ sơ sức khỏe điện tử", "Bộ Y tế", "", "Báo cáo", "Tháng 6/2025"),
    (2, "Liên thông giấy khám sức khỏe lái xe", "Bộ Y tế", "", "Báo cáo", "Tháng 7/2025"),
    (3, "Công bố danh mục thuốc trên Cổng dịch vụ công", "Bộ Y tế", "", "Quyết định", "Tháng 8/2025"),
    (4, "Bố trí nhân lực công nghệ thông tin tại bệnh viện", "Bộ Y tế", "", "Báo cáo", "Tháng 9/2025"),
)


@original("assigned-to-one-ministry.xlsx", "The four tasks of one ministry, before it sends a shorter list.")
def assigned_to_one() -> bytes:
    return book(annex(*HEALTH))


@original("list-shrunk.xlsx", "The same ministry's list with one task of four: three are gone, or the list is a part.")
def list_shrunk() -> bytes:
    return book(annex(HEALTH[0]))


@original("excerpt.xlsx", "One task of six that several agencies have: the other five are not withdrawn by it.")
def excerpt() -> bytes:
    return book(annex(DECREE))


@original("sent-again-unchanged.xlsx", "The annex saved again: other bytes, the same tasks.")
def again() -> bytes:
    return book(annex(DECREE, RECORDS, FEES, MONTHLY, TRAINING, SHARED, bold=(8,)))


@original("sent-again-moved-and-reworded.xlsx", "Rows in another order, numbered anew, one with a word more.")
def moved() -> bytes:
    reworded = (3, "Rà soát các khoản phí, lệ phí trực tuyến", *FEES[2:])
    rows = ((1, *RECORDS[1:]), (2, *DECREE[1:]), reworded, MONTHLY, TRAINING, SHARED)
    return book(annex(*rows))


@original("deadline-changed.xlsx", "One task with a later deadline than the one stored, and no reason given.")
def deadline_changed() -> bytes:
    return book(annex((*DECREE[:5], "Tháng 9/2025"), RECORDS, FEES, MONTHLY, TRAINING, SHARED))


@original("perhaps-a-stored-task.xlsx", "A new number over words much like those of a stored task that is missing.")
def perhaps() -> bytes:
    alike = (9, "Tổ chức tập huấn kỹ năng chuyển đổi số cho đội ngũ cán bộ ngành y tế", *TRAINING[2:])
    return book(annex(DECREE, RECORDS, FEES, MONTHLY, SHARED, alike))


@original("another-subject-under-a-number.xlsx", "A number and a lead kept, and a word that makes it other work.")
def other_subject() -> bytes:
    other = (2, "Triển khai hồ sơ giáo dục điện tử", *RECORDS[2:])
    return book(annex(DECREE, other, FEES, MONTHLY, TRAINING, SHARED))


@original("half-a-list.xlsx", "Two agencies' two tasks of six; more of theirs are missing than here.")
def half() -> bytes:
    return book(annex(DECREE, RECORDS))
