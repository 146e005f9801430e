"""Words and values that every part of Loa shares. Pure: no framework, no clock, no network."""
