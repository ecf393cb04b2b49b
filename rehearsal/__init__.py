"""The whole system on a laptop: AWS stand-ins that read what `cdk synth` would deploy."""
