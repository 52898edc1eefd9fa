"""Sheets → rows as written: where the tables are, what their columns mean, what the title block says."""
