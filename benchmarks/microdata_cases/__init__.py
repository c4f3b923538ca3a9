"""Reading and judging microdata cases whose optimum is known."""
