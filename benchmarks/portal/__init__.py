"""The portal under its readers, while a workbook is recorded."""
