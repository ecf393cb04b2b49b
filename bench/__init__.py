"""What a turn costs: `python -m bench` measures it here, each figure against a floor of the same run."""
