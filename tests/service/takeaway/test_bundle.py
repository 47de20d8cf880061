"""What is in a bundle, who accepts it, and of what no bundle is made."""
