"""One folder per platform. Nothing outside this package names one; the registry finds them."""
