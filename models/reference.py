"""Reference data: put what `config/` gave into the store, and read it back as plain values of `rules`."""

from datetime import date

from sqlalchemy import delete, or_
from sqlmodel import Session, SQLModel, col, select

from models.register_tables import (
    AgencyRow,
    CalendarDayRow,
    CalendarYearRow,
    CollectiveRow,
    ContactRow,
    EffectiveDayRow,
    LayoutRow,
    MilestoneRow,
    RungRow,
)
from rules.calendar import WorkingCalendar
from rules.ladder import Contact, Role, Rung, rung_from, stated_rung
from rules.layout import Field, Layout, TableKind
from rules.milestone import Milestone
from rules.reference import Reference
from rules.register import Agency, AgencyKind, Collective, Register

_REPLACED = (
    CollectiveRow,
    MilestoneRow,
    RungRow,
    ContactRow,
    LayoutRow,
    CalendarDayRow,
    CalendarYearRow,
    EffectiveDayRow,
)


def load_reference(session: Session, reference: Reference) -> None:
    """Make the store's reference tables say what `reference` says.

    Agencies are merged and never removed, since facts name them; the other tables are replaced.
    """
    for position, agency in enumerate(reference.register.agencies):
        session.merge(_agency_row(position, agency))
    for table in _REPLACED:
        session.execute(delete(table))
    session.flush()
    session.add_all(_programme_rows(reference))
    session.add_all(_calendar_rows(reference.calendar))
    session.add_all(_layout_row(layout) for layout in reference.layouts)


def read_reference(session: Session) -> Reference:
    """Return the reference data the store holds."""
    return Reference(
        register_of(session),
        calendar_of(session),
        milestones_of(session),
        ladder_of(session),
        contacts_of(session),
        layouts_of(session),
    )


def register_of(session: Session) -> Register:
    """Return the register of agencies in its own order."""
    agencies = [_agency(row) for row in session.exec(select(AgencyRow).order_by(col(AgencyRow.position)))]
    collectives = [
        Collective(row.code, tuple(row.names), frozenset(AgencyKind(kind) for kind in row.kinds))
        for row in session.exec(select(CollectiveRow).order_by(CollectiveRow.code))
    ]
    return Register(agencies, collectives)


def succession_of(session: Session) -> Register:
    """Return of the register the agencies that have a successor or are one: all that `accountable` asks about."""
    successors = select(AgencyRow.successor).where(col(AgencyRow.successor).is_not(None))
    either = or_(col(AgencyRow.successor).is_not(None), col(AgencyRow.code).in_(successors))
    return Register([_agency(row) for row in session.exec(select(AgencyRow).where(either))])


def calendar_of(session: Session) -> WorkingCalendar:
    """Return the working-day calendar."""
    days = session.exec(select(CalendarDayRow)).all()
    years = session.exec(select(CalendarYearRow)).all()
    return WorkingCalendar(
        holidays={row.day: row.name for row in days if not row.worked},
        worked_weekends=frozenset(row.day for row in days if row.worked),
        official_years=frozenset(row.year for row in years if row.official),
        provisional_years=frozenset(row.year for row in years if not row.official),
    )


def milestones_of(session: Session) -> list[Milestone]:
    """Return the milestones, earliest first."""
    return sorted(Milestone(row.on, row.code, row.name_vi, row.name_en) for row in session.exec(select(MilestoneRow)))


def ladder_of(session: Session) -> list[Rung]:
    """Return the rungs, lowest first."""
    rows = session.exec(select(RungRow))
    return sorted(rung_from(row.stated or {"offset": row.offset, "role": row.role}) for row in rows)


def contacts_of(session: Session) -> list[Contact]:
    """Return the contacts by agency and role."""
    rows = session.exec(select(ContactRow).order_by(ContactRow.agency_code, ContactRow.role))
    return [
        Contact(row.agency_code, Role(row.role), row.post_vi, row.post_en, row.address,
                elsewhere=tuple(row.elsewhere.items()))
        for row in rows
    ]  # fmt: skip


def layouts_of(session: Session) -> list[Layout]:
    """Return the layouts of workbooks by their names."""
    return [_layout(row) for row in session.exec(select(LayoutRow).order_by(LayoutRow.code))]


def _agency_row(position: int, agency: Agency) -> AgencyRow:
    return AgencyRow(
        code=agency.code,
        position=position,
        name_vi=agency.name_vi,
        kind=agency.kind,
        abbreviation=agency.abbreviation,
        aliases=list(agency.aliases),
        valid_from=agency.valid_from,
        valid_to=agency.valid_to,
        successor=agency.successor,
        split=agency.split,
        note=agency.note,
    )


def _agency(row: AgencyRow) -> Agency:
    return Agency(
        code=row.code,
        name_vi=row.name_vi,
        kind=AgencyKind(row.kind),
        abbreviation=row.abbreviation,
        aliases=tuple(row.aliases),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=row.successor,
        split=row.split,
        note=row.note,
    )


def _layout_row(layout: Layout) -> LayoutRow:
    return LayoutRow(
        code=layout.code,
        kind=layout.kind,
        headings={field: list(variants) for field, variants in layout.headings.items()},
        needs=[sorted(any_of) for any_of in layout.needs],
        never=sorted(layout.never),
        marks=sorted(layout.marks),
    )


def _layout(row: LayoutRow) -> Layout:
    return Layout(
        code=row.code,
        kind=TableKind(row.kind),
        headings={Field(field): tuple(variants) for field, variants in row.headings.items()},
        needs=tuple(frozenset(map(Field, any_of)) for any_of in row.needs),
        never=frozenset(map(Field, row.never)),
        marks=frozenset(map(Field, row.marks)),
    )


def _programme_rows(reference: Reference) -> list[SQLModel]:
    return [
        *(
            CollectiveRow(code=c.code, names=list(c.names), kinds=sorted(c.kinds))
            for c in reference.register.collectives
        ),
        *(MilestoneRow(code=m.code, on=m.on, name_vi=m.name_vi, name_en=m.name_en) for m in reference.milestones),
        *(RungRow(offset=rung.offset, role=rung.role, stated=stated_rung(rung)) for rung in reference.ladder),
        *(
            ContactRow(
                agency_code=c.agency,
                role=c.role,
                post_vi=c.post_vi,
                post_en=c.post_en,
                address=c.address,
                elsewhere=dict(c.elsewhere),
            )
            for c in reference.contacts
        ),
    ]


def _calendar_rows(calendar: WorkingCalendar) -> list[SQLModel]:
    return [
        *(CalendarDayRow(day=day, name=name, worked=False) for day, name in calendar.holidays.items()),
        *(CalendarDayRow(day=day, name="", worked=True) for day in calendar.worked_weekends),
        *(CalendarYearRow(year=year, official=True) for year in calendar.official_years),
        *(CalendarYearRow(year=year, official=False) for year in calendar.provisional_years),
        *(EffectiveDayRow(day=day, effective_on=effective) for day, effective in _moved_days(calendar)),
    ]


def _moved_days(calendar: WorkingCalendar) -> list[tuple[date, date]]:
    years = calendar.official_years
    if not years:
        return []
    candidates = calendar.days_off(date(min(years), 1, 1), date(max(years), 12, 31))
    return [(day, effective) for day in candidates if (effective := calendar.effective(day)) is not None]
