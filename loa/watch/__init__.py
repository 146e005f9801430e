"""See that the machine does its work: health, alerts, and figures for a monitor."""
