"""What can be examined without training to the end: properties of functions, of merging, of gradients and of files."""
