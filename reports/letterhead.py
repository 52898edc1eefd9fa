"""Who issues the report, to whom, and who signs: what a deployment may change about the paper's form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letterhead:
    """The parts of the form that name bodies and posts (Decree 30/2020/ND-CP, annex I); never a person.

    `sign` is the abbreviation in the number ("/BC-…"); a line end in `issuing`
    breaks it there; `body` is how the issuing body calls itself in the text.
    """

    governing: str = "Ban Chỉ đạo của Chính phủ"
    issuing: str = "Tổ công tác\ntriển khai Đề án 06"
    body: str = "Tổ công tác triển khai Đề án 06"
    sign: str = "BC-TCTĐA06"
    place: str = "Hà Nội"
    addressee: str = "Chính phủ"
    signing: tuple[str, ...] = ("TM. TỔ CÔNG TÁC", "TỔ TRƯỞNG")
    recipients: tuple[str, ...] = (
        "Thủ tướng Chính phủ (để báo cáo);",
        "Các Phó Thủ tướng Chính phủ (để báo cáo);",
        "Văn phòng Chính phủ;",
        "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ;",
        "UBND các tỉnh, thành phố trực thuộc Trung ương;",
        "Lưu: VT, TCT.",
    )


USUAL = Letterhead()
ENGLISH = Letterhead(
    governing="Government Steering Committee",
    issuing="Working Group\non Project 06",
    body="the Working Group on Project 06",
    place="Ha Noi",
    addressee="the Government",
    signing=("FOR THE WORKING GROUP", "HEAD OF THE GROUP"),
    recipients=(
        "The Prime Minister (to report);",
        "The Deputy Prime Ministers (to report);",
        "The Government Office;",
        "Ministries, ministerial-level and government agencies;",
        "People's Committees of provinces and cities;",
        "File: VT, TCT.",
    ),
)
