"""The hall: the day's order and the command line. Takes names, never frames."""
