"""One adapter a channel: the channel's event to a `Turn`, a `Reply` to the channel's response."""
