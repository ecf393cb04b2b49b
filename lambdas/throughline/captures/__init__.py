"""Secrets that a contact flow captures by encrypted keys: opening them, and checking what was keyed."""
