"""Whether a route can be driven as it says, by rules of its own: what no plan reaches the screen without."""
