"""The front door for ops: thin Prefect flows, one file per deployment; the work is done by the rooms below.

No table and no class lives here, and no file is named like a room or a module of the standard library.
"""
