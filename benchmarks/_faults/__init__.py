"""The faults of the fault table, one function each, and what they are tried on."""
