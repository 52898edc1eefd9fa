"""A working day's schedules in quick time."""
