"""The wall: a page without a session, fed by one JSON route, so that hundreds of screens cost next to nothing."""
