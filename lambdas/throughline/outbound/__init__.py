"""What is sent to customers: one file a carrier."""
