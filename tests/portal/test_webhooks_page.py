"""The page of the subscriptions: an administrator's alone; the secret is shown there and kept nowhere."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import select

from decisions.clients import issue_client
from decisions.webhooks import subscribe
from models.assignment_tables import Batch
from models.edition_tables import Edition
from models.webhook_tables import Webhook
from models.webhooks import append_state, hooks_of
from notifications.webhooks import Sender
from portal.app import create_app
from portal.desk import Desk
from rules.access import Role, Scope
from rules.webhook import ChangeKind, HookState
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, PASSWORD, Browser, open_account
from tests.portal.programs import Program

SENDER = Sender(SecretStr("k" * 40), "http://localhost", frozenset({"10.0.0.8"}))
FORM: dict[str, Any] = {
    "client": "1",
    "address": "https://theo-doi.example.vn/nghe",
    "kinds": ["workbook.recorded", "decision.taken"],
}
HOSTILE = "<script>alert(1)</script> {{7*7}}"


@pytest.fixture
def signing(desk: Desk) -> Desk:
    """Give a desk that can sign, with a program whose name is hostile."""
    issue_client(desk.store, name=HOSTILE, scope=Scope.READ, by="t", now=NOW)
    return replace(desk, webhooks=SENDER)


def administrator(desk: Desk, role: Role = Role.ADMINISTRATOR) -> Browser:
    """Sign somebody in."""
    open_account(desk.store, role, role)
    browser = Browser(create_app(desk))
    browser.request("POST", "/sign-in", data={"name": role, "password": PASSWORD})
    return browser


def test_an_administrator_subscribes_a_program_and_sees_its_secret_again(signing: Desk) -> None:
    browser = administrator(signing)
    page = browser.send("/webhooks", "/webhooks", **FORM)
    assert (page.status_code, SENDER.secret(1) in page.text) == (200, True)
    listed = browser.get("/webhooks").text
    assert (SENDER.secret(1) in listed, "/nghe" in listed, "theo-doi.example.vn" in listed) == (False, False, True)
    assert "<script>alert" not in listed
    assert SENDER.secret(1) in browser.send("/webhooks", "/webhooks/1/secret").text
    for state in ("off", "on", "on", "removed"):
        assert browser.send("/webhooks", f"/webhooks/1/{state}").status_code == 303
        with signing.store.reading() as session:
            assert hooks_of(session, only=1)[0].state == state
    assert browser.send("/webhooks", "/webhooks/1/on").status_code == 422
    assert browser.send("/webhooks", "/webhooks/1/secret").status_code == 422
    assert browser.send("/webhooks", "/webhooks/1/set_aside").status_code == 422


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "http://theo-doi.example.vn/"}, "https://"),
        ({"kinds": []}, "Chưa chọn loại thay đổi"),
        ({"client": "9"}, "Không có chương trình số 9"),
        ({"agency": "XYZ"}, "XYZ"),
        ({"agency": "BYT", "kinds": ["edition.final"]}, "cả nước"),
    ],
)
def test_what_cannot_be_is_said_and_keeps_what_was_typed(signing: Desk, wrong: dict[str, Any], said: str) -> None:
    answer = administrator(signing).send("/webhooks", "/webhooks", **{**FORM, **wrong})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert {**FORM, **wrong}["address"] in answer.text
    with signing.store.reading() as session:
        assert session.exec(select(Webhook)).all() == []


def test_without_a_key_nobody_subscribes_and_the_page_says_why(signing: Desk) -> None:
    browser = administrator(replace(signing, webhooks=None))
    assert "DONDOC_WEBHOOK_KEY" in browser.get("/webhooks").text
    assert browser.send("/clients", "/webhooks", **FORM).status_code == 422


def test_what_was_set_aside_is_seen_by_operations_and_metrics(signing: Desk) -> None:
    kinds, given = [ChangeKind.WORKBOOK_RECORDED], {"by": "t", "now": NOW}
    subscribe(signing.store, client=1, address=FORM["address"], kinds=kinds, inside=(), **given)  # type: ignore[arg-type]
    with signing.store.writing() as session:
        append_state(session, hooks_of(session)[0], HookState.SET_ASIDE, by="t", now=NOW)
    browser = administrator(signing, Role.OPS)
    page = browser.get("/operations").text
    assert "1 đăng ký đã ngừng" in page
    assert "theo-doi.example.vn" in page
    assert "<script>alert" not in page
    metrics = replace(signing)
    figures = Browser(create_app(metrics, metrics_token=SecretStr("m" * 20)))
    told = figures.get("/metrics", headers={"authorization": "Bearer " + "m" * 20}).text
    assert 'dondoc_webhooks{state="set_aside"} 1.0' in told
    assert "dondoc_webhook_messages_waiting 0.0" in told


def test_what_a_delivery_links_can_be_asked_for_in_scope(desk: Desk) -> None:
    everybody, theirs = Program(desk), Program(desk, agency="BTC")
    counts: dict[str, Any] = {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "gone": 0}
    with desk.store.writing() as session:
        batch = Batch(file="x.xlsx", sha256="a", agency_code="BYT", recorded_at=NOW, **counts)
        session.add(batch)
        edition = Edition(
            code="2025-08/1", month="2025-08", cutoff=ON_5_SEPTEMBER, meeting=ON_5_SEPTEMBER, known_at=NOW,
            created_at=NOW, version="1", facts_sha256="a", state="final",
        )  # fmt: skip
        session.add(edition)
        session.flush()
        number = batch.id
    assert everybody.ask(f"/batches/{number}").json()["agency"] == "BYT"
    assert everybody.ask("/editions/2025-08/1").json()["state"] == "final"
    assert theirs.ask(f"/batches/{number}").status_code == everybody.ask("/batches/9999").status_code == 404
    assert (theirs.ask("/editions/2025-08/1").status_code, everybody.ask("/editions/2025-08/2").status_code) == (
        403,
        404,
    )


def test_the_document_describes_what_is_sent(desk: Desk) -> None:
    document = Browser(create_app(desk)).get("/api/v1/openapi.json").json()
    told = document["webhooks"]["change"]["post"]
    assert {each["name"] for each in told["parameters"]} == {"dondoc-signature", "idempotency-key"}
    assert set(document["components"]["schemas"]["ChangeKind"]["enum"]) == set(ChangeKind)
