"""Cell suppression in any additive tables: which cells to hide so that no hidden one can be worked out."""
