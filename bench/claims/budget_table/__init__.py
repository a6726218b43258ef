"""The tutorials' table of which method to use for which budget, put to the test cell by cell."""
