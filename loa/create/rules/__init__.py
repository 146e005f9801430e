"""Pure decisions about making posts: who may agree, and when enough have."""
