"""Text channels to an agent and back: a chat contact of Amazon Connect's beside the conversation."""
