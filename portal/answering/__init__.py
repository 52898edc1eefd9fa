"""Answering a digest by its signed links, without signing in."""

from portal.answering.by_link import routes

__all__ = ["routes"]
