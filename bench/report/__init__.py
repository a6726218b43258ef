"""What an experiment leaves to look at: tables, figures, a page, a table for the terminal."""
