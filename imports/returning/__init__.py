"""What goes back to the offices: the workbook to fill in, the workbook with its problems marked."""
