"""What carries codes, on a laptop: text messages and mail by AWS's own protocols, and where they arrive."""

from __future__ import annotations

from rehearsal.post.office import Message, PostOffice
from rehearsal.post.wire import PostWire

__all__ = ["Message", "PostOffice", "PostWire"]
