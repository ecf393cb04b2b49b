"""The contact centre's flows, one a file. `telephony.contact_centre` puts them together."""
