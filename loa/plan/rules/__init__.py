"""Pure decisions about time: slots, pacing, clashes, gaps, observances, lunar days."""
