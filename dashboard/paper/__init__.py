"""Paper: the same numbers as A4 pages, set by Typst with charts that Vega draws, without a browser or a network."""
