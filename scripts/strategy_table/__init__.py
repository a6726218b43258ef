"""What `measure_strategies.py` measures, one file each."""
