"""`send_to_the_list`: an edition goes to the addresses of the meeting's list; from a run, and from the portal."""

from collections import Counter
from collections.abc import Mapping
from html import escape
from pathlib import PurePath

from config.clock import now
from config.settings import Settings
from models.edition_tables import Edition
from models.store import Store
from notifications.attachment import Attachment
from notifications.channel import Channel
from notifications.letter import Letter
from reports.editions import edition_named
from reports.sending import covering_letter, files_of, record_sending, to_be_sent

_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_to_the_list(store: Store, code: str, chosen: Settings) -> Mapping[str, int]:
    """Send an edition's paper and annex to every address of the setting that it did not reach; count the outcomes.

    Asked for again, it goes to nobody twice. Raises NoSuchEditionError, EditionAlteredError, and ChannelError when the
    channel's setting cannot be used.
    """
    edition = edition_named(store, code)
    waiting = to_be_sent(store, edition, chosen.meeting_addresses)
    if not waiting:
        return {}
    files = _attached(store, edition, chosen)
    with Channel((chosen.meeting_channel or chosen.channel).get_secret_value()) as channel:
        return Counter(_send(store, edition, address, channel, files) for address in waiting)


def _send(store: Store, edition: Edition, address: str, channel: Channel, files: tuple[Attachment, ...]) -> str:
    covering = covering_letter(edition)
    record_sending(store, edition, address, now=now(), channel=channel.scheme)
    outcome = channel.send(
        Letter(
            key=f"report {edition.code} {address}",
            recipient=address,
            address=address,
            subject=covering.subject,
            text=covering.text,
            html="".join(f"<p>{escape(line)}</p>" for line in covering.text.splitlines()),
            sent_at=now(),
            attachments=files,
        )
    )
    detail = {"outcome": outcome.state.value, "detail": outcome.detail}
    record_sending(store, edition, address, now=now(), channel=channel.scheme, **detail)
    return outcome.state.value


def _attached(store: Store, edition: Edition, chosen: Settings) -> tuple[Attachment, ...]:
    files = files_of(store, edition, chosen.reports, kinds=_TYPES)
    return tuple(Attachment(name, content, _TYPES[PurePath(name).suffix]) for name, content in files.items())
