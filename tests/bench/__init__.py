"""Measurements of the project by itself, printed as ratios against a limit measured in the same run."""
