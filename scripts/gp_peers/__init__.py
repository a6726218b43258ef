"""The parts of `compare_gp_peers.py`."""
