"""What is allowed: the rules of every desk, without Qt."""
