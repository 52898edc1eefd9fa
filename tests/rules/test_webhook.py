"""Addresses, signatures and gaps of what other systems are told."""

from datetime import timedelta

import pytest

from rules.webhook import gap_after, place_of, secret_of, signature


@pytest.mark.parametrize(
    ("address", "authority", "path"),
    [
        ("https://theo-doi.example.vn", "theo-doi.example.vn", "/"),
        ("https://Theo-Doi.example.vn:443/nghe", "theo-doi.example.vn", "/nghe"),
        ("https://theo-doi.example.vn:8443/a/b", "theo-doi.example.vn:8443", "/a/b"),
        ("https://[2606:4700::1111]/", "[2606:4700::1111]", "/"),
        ("http://noi-bo:8080/nghe", "noi-bo:8080", "/nghe"),
    ],
)
def test_an_address_names_a_place(address: str, authority: str, path: str) -> None:
    place = place_of(address, inside={"noi-bo"})
    assert not isinstance(place, str)
    assert (place.authority, place.path) == (authority, path)


def test_the_signature_is_as_documented() -> None:
    """Worked by hand: printf '1757059200.{}' | openssl dgst -sha256 -hmac "$secret"."""
    secret = secret_of("k" * 40, 1)
    assert secret.startswith("whsec_")
    assert secret != secret_of("k" * 40, 2) != secret_of("l" * 40, 2)
    assert signature("whsec_x", 1757059200, b"{}") == (
        "t=1757059200,v1=872dbe61f7f753e3645108cc4fae0c98ea781bcd6ac22ded76698628b84cabe3"
    )


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (500, 60)]
)
def test_a_gap_doubles_up_to_an_hour_and_is_spread_by_a_quarter(failures: int, minutes: int) -> None:
    gaps = [gap_after(failures, f"key {number}") for number in range(50)]
    assert all(timedelta(minutes=minutes) <= gap <= timedelta(minutes=minutes * 1.25) for gap in gaps)
    assert len(set(gaps)) > 40
    assert gap_after(failures, "key 1") == gaps[1]
