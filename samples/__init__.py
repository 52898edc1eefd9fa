"""The demonstration's input: the annexes of Directive 07/CT-TTg and an invented first half-year of progress.

Rule of the room: data and the script that makes workbooks of it. No other room imports it.
"""
