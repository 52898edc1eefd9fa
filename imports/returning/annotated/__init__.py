"""The annotated copy: the uploaded workbook patched in place, its parts otherwise byte for byte as they came."""
