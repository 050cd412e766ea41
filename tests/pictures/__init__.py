"""The screenshots of the README, taken from the running demo and never drawn by hand."""
