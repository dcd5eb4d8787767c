"""What is shown: windows, pages and the kit they are made of."""
