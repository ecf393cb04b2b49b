"""One conversation with one customer, whatever the channel: turns in, replies out."""
