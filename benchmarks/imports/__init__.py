"""How fast a workbook comes in, beside openpyxl merely reading it and django-import-export importing its rows."""
