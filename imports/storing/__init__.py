"""Tasks and progress against the store: what differs, recording it, taking it back."""
