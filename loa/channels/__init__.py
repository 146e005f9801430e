"""The connected places a brand speaks from: channel, grant, and whether each is healthy."""
