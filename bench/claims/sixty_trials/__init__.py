"""59 random trials reach the top 5 % with 95 % (A. Zheng 2015)."""
