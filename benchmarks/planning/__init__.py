"""How long it takes to plan the digests of a morning on which 100,000 assignments are overdue."""
