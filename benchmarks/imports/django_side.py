"""django-import-export importing the flat sheet, timed in a process of its own: `python -m …django_side FILE DB MODE`.

MODE is `bulk`, everything its documentation offers for speed, or `default`, as its documentation begins. The modules
have no types, so they are fetched by name; classes are made when Django stands.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.imports.workbook import FLAT_COLUMNS, lead_names

_TEXTS = tuple(column for column in FLAT_COLUMNS if column not in {"number", "lead", "budget"})


def import_flat(file: Path, database: Path, mode: str) -> dict[str, Any]:
    """Load the sheet and import its rows, without a preview and with one (rolled back) before it.

    `seconds` is the load and one import, what Django would do without showing a preview; `preview` is what the
    preview costs beside it, on the same rows.
    """
    agency, task = _models(database)
    dataset, loading = _timed(lambda: _load(file))
    _, preview = _timed(lambda: _import(_resource(agency, task, mode), dataset, dry_run=True))
    _, importing = _timed(lambda: _import(_resource(agency, task, mode), dataset, dry_run=False))
    return {"seconds": loading + importing, "preview": preview, "load": loading, "rows": task.objects.count()}


def _models(database: Path) -> tuple[Any, Any]:
    """Make the tables: agencies, and tasks with a foreign key to the accountable one."""
    django, conf, db = (import_module(name) for name in ("django", "django.conf", "django.db"))
    databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}}
    conf.settings.configure(DATABASES=databases, INSTALLED_APPS=["import_export", "benchmarks.imports"], USE_TZ=True)
    django.setup()
    fields = db.models
    here = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "imports"})}
    agency: Any = type("Agency", (fields.Model,), {**here, "name": fields.CharField(max_length=200, unique=True)})
    columns = {name: fields.TextField(null=True) for name in _TEXTS}
    keys = {"number": fields.IntegerField(unique=True), "budget": fields.IntegerField()}
    lead = fields.ForeignKey(agency, on_delete=fields.PROTECT)
    task: Any = type("Task", (fields.Model,), {**here, **columns, **keys, "lead": lead})
    with db.connection.schema_editor() as editor:
        editor.create_model(agency)
        editor.create_model(task)
    agency.objects.bulk_create(agency(name=name) for name in lead_names())
    return agency, task


def _resource(agency: Any, task: Any, mode: str) -> Any:
    """Return the resource; the fast one caches foreign keys, compares nothing and writes 1,000 rows at once."""
    package, widgets, fields = (import_module(f"import_export.{name}") for name in ("resources", "widgets", "fields"))
    options: dict[str, Any] = {"model": task, "fields": FLAT_COLUMNS, "import_id_fields": ["number"]}
    widget = widgets.ForeignKeyWidget(agency, "name")
    if mode == "bulk":
        widget = widgets.CachedForeignKeyWidget(agency, "name")
        options |= {"use_bulk": True, "skip_diff": True, "force_init_instance": True, "report_skipped": False}
    lead = fields.Field(column_name="lead", attribute="lead", widget=widget)
    return type("TaskResource", (package.ModelResource,), {"lead": lead, "Meta": type("Meta", (), options)})()


def _load(file: Path) -> Any:
    return import_module("import_export.formats.base_formats").XLSX().create_dataset(file.read_bytes())


def _import(resource: Any, dataset: Any, *, dry_run: bool) -> None:
    result = resource.import_data(dataset, dry_run=dry_run, raise_errors=True)
    assert not result.has_errors()
    assert not result.has_validation_errors()


def _timed(work: Any) -> tuple[Any, float]:
    started = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - started


if __name__ == "__main__":
    sys.stdout.write(json.dumps(import_flat(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])) + "\n")
