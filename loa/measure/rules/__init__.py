"""Pure decisions about numbers: what a metric means, when to read it, how to add it up."""
