"""Everything that turns a scanner, an image or a camera into scans: `feed` is where they all arrive, in order."""
