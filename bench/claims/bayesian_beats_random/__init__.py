"""Does it pay to let a model choose the trials: by budget, by dimension, and with its own time counted?"""
