"""The figures of docs/reference/benchmarks.md, one command each: `loa bench NAME`."""
