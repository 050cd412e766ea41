"""A published snapshot becomes answers for people; nothing here knows how the snapshot was made."""
