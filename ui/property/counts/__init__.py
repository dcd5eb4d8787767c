"""Physical verification on the screen: campaigns, the counter's room, and how far every room is."""
