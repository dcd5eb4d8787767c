"""Everything that turns a scanner, an image or a camera into scans: `feed` is where they all arrive, in order.

How the window puts it together:

    feed = ScanFeed(window)
    wedge = Wedge(feed, settings, window)        # keyboard scanners
    wedge.watch(app)
    serial = SerialScanner(feed, settings, window)
    serial.start()                               # and serial.stop() when the window closes
    images = ImageScans(feed, window)            # read_file, read_mime for paste and drop
    strip = LastScan(feed, Sounds(settings.sound, window), window)
    feed.serve(handler)                          # handler(scan) leads to feed.done(scan, Outcome(good, words))

A dialog that wants the scans while it is open says `feed.ask(dialog, handler)`.
"""
