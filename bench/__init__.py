"""What a turn costs: `python -m bench` measures it on this machine, each figure against a floor of the same run."""
