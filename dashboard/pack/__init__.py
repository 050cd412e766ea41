"""The meeting pack: one content, made once from the screens' own figures, and as many kinds of file as wanted."""
