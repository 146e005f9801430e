"""Pure decisions about what comes in: columns, rows, what stands against them, entries."""
