"""What makes a file a screen: a code, a place in the navigation, who may see it, and how it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.access import Scope
from dashboard.here import Here


@dataclass(frozen=True)
class Screen:
    """`render(here)` reads top to bottom in the order the eye meets it; its name stands in words `page.<code>`."""

    code: str
    position: int
    render: Callable[[Here], None]
    is_for: Callable[[Scope], bool]
    listed: bool = True
    """Whether the navigation names it; a page that is always about something else is only linked to."""
    scoped: bool = True
    """Whether the scope bar stands above it."""
    ahead: Callable[[Here], None] | None = None
    """Puts together what the screen shows, before anyone asks for it."""
