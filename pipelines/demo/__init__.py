"""Invented files as agencies would send them: real units, published proportions, and not one real person."""

from pipelines.demo.write import write_demo

__all__ = ["write_demo"]
