"""Memory: the warehouse, the ledger, keys, and files in and out."""
