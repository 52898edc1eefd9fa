"""Digests through the default e-mail channel beside one plain SMTP connection."""
