"""Load everything a deployment states about its world, ready for the store."""

from pathlib import Path

from config.agencies import load_register
from config.calendar import load_calendar
from config.programme import load_contacts, load_ladder, load_milestones
from config.table_layouts import load_layouts
from rules.reference import Reference

HERE = Path(__file__).parent


def load_reference_data(folder: Path = HERE, *, contacts: Path | None = None, ladder: Path | None = None) -> Reference:
    """Return what the data files of `folder` state; `contacts` and `ladder` name other files of these."""
    return Reference(
        register=load_register(folder),
        calendar=load_calendar(folder / "calendar.toml"),
        milestones=load_milestones(folder / "milestones.toml"),
        ladder=load_ladder(ladder or folder / "escalation.toml"),
        contacts=load_contacts(contacts or folder / "contacts.csv"),
        layouts=load_layouts(folder / "layouts"),
    )
