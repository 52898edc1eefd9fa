"""Bytes → sheets of cells, whatever the bytes are; nothing here knows what a column means."""
