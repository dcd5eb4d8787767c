"""Custody on the screen: handing assets over by scanning, signing, and who has what."""
