"""What is searched: spaces and problems. Knows neither strategies nor the harness."""
