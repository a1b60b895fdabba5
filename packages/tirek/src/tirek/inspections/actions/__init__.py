"""Acts on rounds, visits and findings. One function for each; see the modules."""
