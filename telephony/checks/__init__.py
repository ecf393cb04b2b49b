"""What must hold of a flow. Each module checks one kind of thing; `telephony.checking` runs them all."""
