"""Networks: architecture, parameters, training and evaluation."""
