"""The doctor's look at who hears of Dondoc itself: those who run it, the meeting's list, the heartbeat's."""

import tempfile
from errno import EISDIR
from os import strerror
from pathlib import Path

from cli.doctor_machine import said
from cli.finding import Finding, Findings, Outcome
from config.settings import Settings

_HEARTBEAT = "DONDOC_HEARTBEAT"


def other_channels(chosen: Settings) -> Findings:
    """See that each of these channels can be used, where it is set; nothing is sent, and no file written."""
    stated = {
        "DONDOC_OPS_CHANNEL": chosen.ops_channel,
        "DONDOC_MEETING_CHANNEL": chosen.meeting_channel,
        _HEARTBEAT: chosen.heartbeat,
    }
    for name, setting in stated.items():
        place = setting.get_secret_value().strip() if setting else ""
        if place and name == _HEARTBEAT and "://" not in place:
            yield _file(Path(place))
        elif place:
            yield _channel(name, place)


def _channel(name: str, url: str) -> Finding:
    from notifications import ChannelError
    from notifications.channel import Channel

    try:
        channel = Channel(url)
    except ChannelError:
        return said("other_channel", Outcome.PROBLEM, "other_channel_unusable", name=name)
    return said("other_channel", Outcome.OK, "other_channel", name=name, scheme=channel.scheme)


def _file(file: Path) -> Finding:
    """See that a heartbeat can be laid where it is wanted: beside it first, as it is written."""
    if file.is_dir():
        return said("heartbeat", Outcome.PROBLEM, "heartbeat_not_writable", file=file, reason=strerror(EISDIR))
    nearest = next(folder for folder in file.absolute().parents if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return said("heartbeat", Outcome.PROBLEM, "heartbeat_not_writable", file=file, reason=error.strerror)
    return said("heartbeat", Outcome.OK, "heartbeat", file=file)
