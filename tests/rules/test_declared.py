import pytest

from rules.declared import read_declared


@pytest.mark.parametrize(
    "words",
    [
        "Hoàn thành",
        "ĐÃ HOÀN THÀNH",
        "Đã hoàn thành.",
        "da hoan thanh",
        "100%",
        "100 %",
        "Hoàn thành 100%",
        "Đã hoàn thành (Quyết định số 12/QĐ-BYT)",
        "Hoàn thành quá hạn",
        "Hoa\u0300n tha\u0300nh",
    ],
)
def test_words_that_say_done(words: str) -> None:
    assert read_declared(words) is True


@pytest.mark.parametrize(
    "words",
    [
        "Chưa hoàn thành",
        "Chưa thực hiện",
        "Đang thực hiện",
        "Đang trình Chính phủ",
        "80%",
        "99,5%",
        "0%",
        "Đạt 80%",
        "Quá hạn",
        "Không hoàn thành",
    ],
)
def test_words_that_say_not_done(words: str) -> None:
    assert read_declared(words) is False


@pytest.mark.parametrize("words", ["", "Cơ bản hoàn thành", "Sắp hoàn thành", "Tốt", "x", "Hoàn thành dự thảo"])
def test_unknown_words_are_asked_about(words: str) -> None:
    assert read_declared(words) is None


@pytest.mark.parametrize(
    "words", ["Hoàn thành (50%)", "Đã hoàn thành (đạt 80 %)", "Hoàn thành ( 99,5% )", "(50%)", "Cơ bản xong (80%)"]
)
def test_a_percentage_in_parentheses_counts(words: str) -> None:
    assert read_declared(words) is False


@pytest.mark.parametrize("words", ["Hoàn thành (100%)", "(100%)", "Đã hoàn thành (45/QĐ-BYT)"])
def test_parentheses_that_take_nothing_back(words: str) -> None:
    assert read_declared(words) is True


@pytest.mark.parametrize(
    "words",
    [
        "Hoàn thành (đang trình)",
        "Hoàn thành (một phần)",
        "Hoàn thành (mới xong 50% khối lượng)",
        "Đang thực hiện (100%)",
        "Sắp xong (100%)",
    ],
)
def test_words_that_contradict_themselves_are_asked_about(words: str) -> None:
    assert read_declared(words) is None
