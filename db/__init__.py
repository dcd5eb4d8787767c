"""What is remembered: tables, constraints, engines and migrations. One line per desk."""

from db import custody, people, places, property, records, tags, verification

__all__ = ["custody", "people", "places", "property", "records", "tags", "verification"]
