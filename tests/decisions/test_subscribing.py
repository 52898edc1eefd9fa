"""What may be subscribed to: an address that can be reached safely, kinds within the scope of the program."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from decisions.clients import end_client, issue_client
from decisions.webhooks import WebhookRefusedError, standing, subscribe, turn
from models import Store
from models.outcome_tables import AuditEntry
from rules.access import Scope
from rules.webhook import ChangeKind, HookState

NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)
GOOD = "https://theo-doi.example.vn/nghe"
RECORDED, FINAL = ChangeKind.WORKBOOK_RECORDED, ChangeKind.EDITION_FINAL


def asked(
    store: Store, address: str = GOOD, *, client: int = 1, agency: str = "", kinds: tuple[ChangeKind, ...] = (RECORDED,)
) -> int:
    return subscribe(
        store, client=client, address=address, kinds=kinds, agency=agency, inside={"noi-bo"}, by="t", now=NOW
    )


def let_in(store: Store, agency: str = "") -> None:
    issue_client(store, name="Hệ thống theo dõi", scope=Scope.READ, agency=agency, by="t", now=NOW)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://theo-doi.example.vn/nghe", "bad_not_https"),
        ("https://user:password@theo-doi.example.vn/", "bad_userinfo"),
        ("https://theo-doi.example.vn/?token=bi-mat", "bad_query"),
        ("https://theo-doi.example.vn/#x", "bad_query"),
        ("ftp://theo-doi.example.vn/", "bad_form"),
        ("https:///nghe", "bad_form"),
        ("https://theo-doi.example.vn:99999/", "bad_form"),
        ("https://theo-doi.example.vn/\r\nX: 1", "bad_form"),
        ("https://theo-doi.example.vn/" + "x" * 500, "bad_form"),
        ("javascript:alert(1)", "bad_form"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_not_repeated(store: Store, address: str, why: str) -> None:
    let_in(store)
    with pytest.raises(WebhookRefusedError) as refused:
        asked(store, address)
    assert refused.value.code == why
    assert address not in refused.value.message
    assert asked(store, "http://noi-bo:8080/nghe") == 1


def test_a_program_subscribes_within_its_scope(store: Store) -> None:
    let_in(store, "BYT")
    for agency, kinds in (("", (FINAL,)), ("BTC", (RECORDED,)), ("XYZ", (RECORDED,)), ("", ())):
        with pytest.raises(WebhookRefusedError):
            asked(store, agency=agency, kinds=kinds)
    assert standing(store, asked(store)).agency == standing(store, asked(store, agency="BYT")).agency == "BYT"


def test_a_program_nobody_knows_or_whose_token_ended_does_not_subscribe(store: Store) -> None:
    with pytest.raises(WebhookRefusedError):
        asked(store)
    let_in(store)
    end_client(store, 1, by="t", now=NOW)
    with pytest.raises(WebhookRefusedError):
        asked(store)


def test_what_was_removed_stays_removed_and_each_turn_is_audited_by_its_host_alone(store: Store) -> None:
    let_in(store)
    number = asked(store)
    for state in (HookState.OFF, HookState.OFF, HookState.ON, HookState.REMOVED):
        turn(store, number, state, by="t", now=NOW)
    with pytest.raises(WebhookRefusedError):
        turn(store, number, HookState.ON, by="t", now=NOW)
    with store.reading() as session:
        entries = [each for each in session.exec(select(AuditEntry)) if each.action.startswith("webhook.")]
    assert [each.action for each in entries] == ["webhook.add", "webhook.off", "webhook.on", "webhook.removed"]
    assert {each.detail["host"] for each in entries} == {"theo-doi.example.vn"}
    assert not any("nghe" in str(each.detail) for each in entries)
