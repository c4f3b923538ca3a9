"""The best generalisation of a table: full-domain levels, a suppression limit, any models and metric, proven."""
