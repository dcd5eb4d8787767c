"""The tags desk on the screen: printing, queues and unknown scans."""
