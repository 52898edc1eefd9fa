"""Looking: first figures, lists, stories, charts, exports."""

from portal.looking.pages import routes

__all__ = ["routes"]
