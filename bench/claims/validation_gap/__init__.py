"""Does the gap between training and validation error say more than the validation error alone?"""
