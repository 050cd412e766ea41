"""The entry script of every session: it reads the address, draws the frame, and hands over to one screen."""

from dashboard.frame import show
from dashboard.snapshot import DESK

# Two pages are drawn at a time: twenty at once would each take ten times as long, and the walls would wait for all.
with DESK.place():
    show()
