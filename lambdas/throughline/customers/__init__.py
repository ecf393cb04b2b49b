"""Who is speaking and what they are in the middle of: addresses, pointers and the customer store."""
