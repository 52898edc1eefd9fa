"""What a deployment changes: settings from the environment and data files.

Imports `rules` for types and nothing else of ours; only the front doors read it.
"""
