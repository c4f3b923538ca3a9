"""What a plan is searched among, what it reaches, and what its tables would look like."""
