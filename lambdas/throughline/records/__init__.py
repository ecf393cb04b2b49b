"""What follows a turn: transcripts and histories behind the table's stream, their retention, export and erasure."""
