"""The learning rate first: is it the most important hyperparameter, and does it pay to tune it alone?"""
