"""Pure decisions about pictures: what a file really is, and how it is made to fit a platform."""
