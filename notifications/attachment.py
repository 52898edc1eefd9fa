"""A file that travels with a letter."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Attachment:
    """A file beside the text: its `name` as the reader sees it, its bytes and its media type ("application/pdf")."""

    name: str
    content: bytes
    mime_type: str

    def row(self, notice_id: int) -> dict[str, object]:
        """Return the row of the table `notice_attachment` that keeps this file with its notice."""
        return {
            "notice_id": notice_id,
            "name": self.name,
            "mime_type": self.mime_type,
            "content": self.content,
            "sha256": sha256(self.content).hexdigest(),
        }
