"""What is remembered: tables, constraints, engines and migrations. One line per desk."""

from db import people, places, property, records, tags, verification

__all__ = ["people", "places", "property", "records", "tags", "verification"]
