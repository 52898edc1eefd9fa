"""Rows as written → tasks, assignments and progress: who, until when, which document, what was done."""
