"""What the Makefile calls: environments, Qt's libraries, locks, and a throw-away PostgreSQL."""
