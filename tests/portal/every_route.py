"""Every route of an application, however deep the router stands it came with."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, _IncludedRouter


def every_route(app: FastAPI) -> list[Any]:
    """Return what answers requests, each with its whole `path`, its `methods` and its `dependant`."""
    return list(_walk(app.routes))


def asked_by(dependant: Dependant) -> Iterator[object]:
    """Return what a route depends on, however deep."""
    for each in dependant.dependencies:
        yield each.call
        yield from asked_by(each)


def _walk(routes: Sequence[object]) -> Iterator[Any]:
    for route in routes:
        if isinstance(route, _IncludedRouter):
            yield from _walk(route.effective_candidates())
        elif isinstance(getattr(route, "original_route", route), APIRoute):
            yield route
