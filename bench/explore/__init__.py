"""`explore`: a local web page in which the strategies run live (Dash, of the extra `explore`)."""
