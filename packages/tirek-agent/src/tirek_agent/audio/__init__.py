"""Sound: making it (tones, clips, speech), putting it out (sinks), and proving that it was heard (probes)."""
