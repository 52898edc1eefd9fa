"""A sweep of many workbooks by one and by two workers."""
