"""Files that agencies drop become one immutable, checked, published snapshot; nothing here knows of a screen."""
