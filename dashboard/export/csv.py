"""CSV that opens right where it is opened most: UTF-8 with a mark, every text harmless, its scope on top."""

from __future__ import annotations

import csv
import io

from dashboard.export.document import Document, check, harmless, texts

MEDIA_TYPE = "text/csv; charset=utf-8"


def as_csv(document: Document) -> bytes:
    """The document; lines of the scope come first and begin with "#", numbers are written for machines."""
    check(document)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([f"# {document.title}"])
    for label, value in document.scope:
        writer.writerow([f"# {label}: {value}"])
    for code, name, definition, formula, _ in document.definitions:
        writer.writerow([f"# {code} {name}: {definition} [{formula}]"])
    writer.writerow([harmless(column.name) for column in document.columns])
    for row in document.rows:
        writer.writerow(texts(row))
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")
