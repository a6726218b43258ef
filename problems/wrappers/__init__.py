"""Any problem, changed in one known way: noisy, discretised, on other scales, reordered, among unused parameters."""
