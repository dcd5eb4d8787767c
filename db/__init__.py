"""What is remembered: tables, constraints, engines and migrations. One line per desk."""

from db import people, places, property, records, tags

__all__ = ["people", "places", "property", "records", "tags"]
