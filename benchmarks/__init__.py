"""What the program must do how fast, measured side by side in one run: `python -m benchmarks.NAME`."""
