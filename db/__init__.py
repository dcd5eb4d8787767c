"""What is remembered: tables, constraints, engines and migrations."""
