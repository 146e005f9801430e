"""What is said: campaign, post, variant per channel, part of a thread, revision."""
