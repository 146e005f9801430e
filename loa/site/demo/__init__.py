"""The demo: ten weeks of a café brand's past and two of its plans, lived through by the product."""
