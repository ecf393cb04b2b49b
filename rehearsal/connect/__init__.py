"""Amazon Connect without an instance: runs contact flows block by block, and plays the contact centre around them."""
