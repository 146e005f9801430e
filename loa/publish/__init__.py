"""Send it: delivery, attempt, receipt. Nothing is published twice, lost, or unapproved."""
