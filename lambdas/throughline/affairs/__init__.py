"""What customers do about themselves: prove who they are, connect the ways they come by, see and erase their data."""
