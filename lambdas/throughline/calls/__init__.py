"""What a contact flow asks functions for: who calls, what was captured, what an agent sees, how it ended."""
