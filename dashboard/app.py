"""The entry script of every session: it reads the address, draws the frame, and hands over to one screen."""

from dashboard.frame import show

show()
