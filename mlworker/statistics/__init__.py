"""Statistics of models beside readers: arrays in, frozen results out; no Django, no Keras."""
