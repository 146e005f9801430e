"""The audience: a seeded model of people who see, like, comment, share and follow.

Same seed, same ledger and same clock give the same reactions. The formulas are written out in
docs/reference/practice-audience.md.
"""
