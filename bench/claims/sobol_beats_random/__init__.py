"""Does it pay to replace random points by Sobol' points, and where?"""
