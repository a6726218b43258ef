"""A training to be tuned: a small network on scikit-learn's digits, a third of a second.

python -m bench tune docs/examples/tune_digits.py:train --space docs/examples/tune_digits.toml --trials 50
"""

import torch
from sklearn.datasets import load_digits
from torch import nn

EPOCHS = 12

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
training, validation, test = order[:400], order[400:1000], order[1000:]


def train(config, seed):
    """Cross-entropy after each epoch: `value` is what the search is told, `test` it never sees."""
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(64, config["width"]), nn.ReLU(), nn.Linear(config["width"], 10))
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[config["optimizer"]]
    optimizer = make(network.parameters(), lr=config["learning_rate"], weight_decay=config["weight_decay"])
    loss = nn.CrossEntropyLoss()
    for epoch in range(EPOCHS):
        for batch in training[torch.randperm(len(training))].split(config["batch_size"]):
            optimizer.zero_grad()
            loss(network(images[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            scores = {
                key: loss(network(images[part]), labels[part])
                for key, part in (("value", validation), ("test", test), ("train", training))
            }
        yield {**scores, "done": (epoch + 1) / EPOCHS}
